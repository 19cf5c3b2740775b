import { Component, computed, ElementRef, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ApiKey, CreatedApiKey } from '@vw/shared-contracts';
import { ListWaiting } from '../ui/list-waiting';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { Clock } from '../ui/clock';
import { Confirmation } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { problemOf } from '../ui/problem';
import { KeyExamples } from './key-examples';
import { KeyForm } from './key-form';
import { OnlyAdmins } from './only-admins';
import { Pages } from './pages';
import { SettingsClient } from './settings-client';
import { ShownOnce } from './shown-once';

const SNACK_BAR_MS = 6_000;

/** Keys for programs. They belong to the organization, not to whoever made them. */
@Component({
  selector: 'vw-api-keys-tab',
  imports: [
    Banner,
    EmptyState,
    Instant,
    KeyExamples,
    KeyForm,
    ListWaiting,
    LoadFailed,
    MatButton,
    OnlyAdmins,
    Pager,
    ShownOnce,
  ],
  templateUrl: './api-keys-tab.html',
  styleUrl: './settings-list.scss',
})
export class ApiKeysTab {
  private readonly client = inject(SettingsClient);
  private readonly confirmation = inject(Confirmation);
  private readonly snackBar = inject(MatSnackBar);
  private readonly clock = inject(Clock);

  private readonly start = viewChild('start', { read: ElementRef<HTMLElement> });

  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly pages = new Pages();
  protected readonly keys = this.client.keys(this.pages.cursor);
  protected readonly rows = computed(() =>
    (this.keys.latest()?.items ?? []).map((key) => ({
      key,
      isExpired: Date.parse(key.expiresAt) <= this.clock.now(),
    })),
  );
  protected readonly range = this.pages.range(this.keys.latest, ['key', 'keys']);
  protected readonly isCreating = signal(false);
  protected readonly created = signal<CreatedApiKey | null>(null);
  protected readonly refusal = signal<string | null>(null);

  protected startKey(): void {
    this.created.set(null);
    this.isCreating.set(true);
  }

  protected showCreated(key: CreatedApiKey): void {
    this.isCreating.set(false);
    this.created.set(key);
    this.keys.reload();
  }

  /** The focus goes back to where it began. */
  protected close(): void {
    this.isCreating.set(false);
    this.created.set(null);
    // The button is there again with the next rendering.
    setTimeout(() => this.start()?.nativeElement.focus());
  }

  protected async revoke(key: ApiKey): Promise<void> {
    this.refusal.set(null);
    const agreed = await this.confirmation.confirm({
      title: `Revoke ${key.name}?`,
      text: 'Whatever uses this key is refused from now on. A revoked key cannot be restored.',
      confirm: 'Revoke key',
    });
    if (!agreed) return;
    try {
      await this.client.revokeKey(key.id);
      this.snackBar.open(`${key.name} is revoked.`, undefined, { duration: SNACK_BAR_MS });
    } catch (error) {
      // The list, read again, shows whether the key is still there.
      this.refusal.set(problemOf(error).detail);
    }
    this.keys.reload();
  }
}

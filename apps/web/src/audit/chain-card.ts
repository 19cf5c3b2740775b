import { Component, computed, inject, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { problemOf } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { counted, durationText } from '../ui/time-text';
import { AuditClient, type ChainCheck } from './audit-client';
import { instantBehind } from './event-search';
import { shortHash } from './event-words';
import { TrailState } from './trail-state';

/** Whether the whole trail is unbroken: recomputed by the server when the page opens, and again when asked. */
@Component({
  selector: 'vw-chain-card',
  imports: [Icon, Instant, MatButton, Skeleton],
  templateUrl: './chain-card.html',
  styleUrl: './chain-card.scss',
})
export class ChainCard {
  private readonly client = inject(AuditClient);
  private readonly trail = inject(TrailState);

  private readonly chain = resource({ loader: () => this.client.verifyChain() });
  protected readonly isVerifying = this.chain.isLoading;
  protected readonly check = computed(() =>
    this.chain.hasValue() && !this.isVerifying() ? this.chain.value() : undefined,
  );
  protected readonly failure = computed(() => {
    const error = this.isVerifying() ? undefined : this.chain.error();
    return error === undefined ? null : problemOf(error);
  });
  protected readonly events = computed(() => {
    const check = this.check();
    if (check === undefined) return '';
    return `${check.events.toLocaleString('en-US')} of ${counted(check.total, 'event')}`;
  });
  protected readonly head = computed(() => {
    const hash = this.check()?.head?.hash;
    return hash === undefined ? null : `${shortHash(hash)} … ${hash.slice(-4)}`;
  });
  protected readonly took = computed(() => durationText(this.check()?.tookMs ?? 0));
  protected readonly brokenAt = computed(() => this.check()?.brokenAt?.toLocaleString('en-US') ?? null);
  /** The newest event that there is, where the broken place lies behind it: what stood there is gone. */
  protected readonly lastKept = computed(() => lastKept(this.check()));
  protected readonly isSearching = signal(false);
  protected readonly searchFailed = signal(false);

  protected verify(): void {
    if (!this.isVerifying()) this.chain.reload();
  }

  protected async showBroken(): Promise<void> {
    const { head = null, brokenAt = null } = this.check() ?? {};
    if (head === null || brokenAt === null || this.isSearching()) return;
    this.isSearching.set(true);
    this.searchFailed.set(false);
    try {
      this.trail.showAt(brokenAt, await instantBehind(brokenAt, head, (to) => this.client.newestBefore(to)));
    } catch {
      // Whatever failed, the button stays and can be pressed again.
      this.searchFailed.set(true);
    } finally {
      this.isSearching.set(false);
    }
  }
}

function lastKept(check: ChainCheck | undefined): string | null {
  if (check === undefined || check.brokenAt === null) return null;
  const last = check.head?.seq ?? 0;
  return last < check.brokenAt ? last.toLocaleString('en-US') : null;
}

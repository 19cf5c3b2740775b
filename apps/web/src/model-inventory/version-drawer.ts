import { Component, effect, ElementRef, inject, input, output, viewChild } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Clipped } from '../ui/clipped';
import { Icon } from '../ui/icon';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { ChangeHistory } from './change-history';
import { InventoryClient } from './inventory-client';
import { StageMark } from './stage-mark';
import { VersionFacts } from './version-facts';

/** Heights of the parts to come, in pixels: metadata, description, tags, metrics, parameters. */
const WAITING: readonly number[] = [80, 20, 24, 192, 80];

/** One version with all that is known of it. Stands beside the list, which stays usable. */
@Component({
  selector: 'vw-version-drawer',
  imports: [ChangeHistory, Clipped, Icon, LoadFailed, MatIconButton, Skeleton, StageMark, VersionFacts],
  templateUrl: './version-drawer.html',
  styleUrl: './version-drawer.scss',
  host: { role: 'dialog', 'aria-modal': 'false', 'aria-labelledby': 'version-heading' },
})
export class VersionDrawer {
  private readonly client = inject(InventoryClient);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  readonly id = input.required<string>();
  /** Whether the list shows a version before this one, and behind it. */
  readonly hasPrevious = input.required<boolean>();
  readonly hasNext = input.required<boolean>();
  readonly closed = output();
  readonly stepped = output<1 | -1>();

  protected readonly version = this.client.version(this.id);
  protected readonly waiting = WAITING;

  constructor() {
    // Opening, and moving to another row, puts the reader at the heading.
    effect(() => {
      this.id();
      this.heading()?.nativeElement.focus();
    });
  }

  /** A button at its end keeps the focus, so it can still be pressed. */
  protected step(by: 1 | -1): void {
    if (by === 1 ? this.hasNext() : this.hasPrevious()) this.stepped.emit(by);
  }
}

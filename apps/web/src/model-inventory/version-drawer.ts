import { Component, computed, effect, ElementRef, inject, input, output, viewChild } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { changeText } from '../ui/change-text';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { InventoryClient } from './inventory-client';
import { StageMark } from './stage-mark';

const RUN_NOTES = {
  deleted: 'The run is deleted in MLflow; its data are kept.',
  missing: 'The run is gone from MLflow; these are the last known values.',
  unreadable: 'The account may not read this run; these are the last known values.',
  active: '',
} as const;

interface Entry {
  key: string;
  value: string;
}

/** One version with all that is known of it. Stands beside the list, which stays usable. */
@Component({
  selector: 'vw-version-drawer',
  imports: [CopyButton, Icon, Instant, LoadFailed, MatIconButton, Skeleton, StageMark],
  templateUrl: './version-drawer.html',
  styleUrl: './version-drawer.scss',
  host: { role: 'complementary', 'aria-label': 'Details of the version' },
})
export class VersionDrawer {
  private readonly client = inject(InventoryClient);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  readonly id = input.required<string>();
  readonly closed = output();
  readonly stepped = output<1 | -1>();

  protected readonly version = this.client.version(this.id);
  protected readonly changes = this.client.changes(this.id);
  protected readonly changeText = changeText;

  protected readonly tags = computed(() => entries(this.version.value()?.tags));
  protected readonly modelTags = computed(() => entries(this.version.value()?.modelTags));
  protected readonly metrics = computed(() => entries(this.version.value()?.metrics));
  protected readonly parameters = computed(() => entries(this.version.value()?.parameters));
  protected readonly evidenceNote = computed(() => {
    const version = this.version.value();
    if (version === undefined) return '';
    if (version.run !== null) return RUN_NOTES[version.run.state];
    if (version.runId !== null) return 'The run could not be read yet.';
    return version.metrics && Object.keys(version.metrics).length > 0
      ? 'From the logged model'
      : 'This version has no run in MLflow.';
  });

  constructor() {
    // Opening, and moving to another row, puts the reader at the heading.
    effect(() => {
      this.id();
      this.heading()?.nativeElement.focus();
    });
  }
}

function entries(object: Record<string, string | number> | undefined): Entry[] {
  return Object.entries(object ?? {})
    .map(([key, value]) => ({ key, value: String(value) }))
    .sort((a, b) => a.key.localeCompare(b.key));
}

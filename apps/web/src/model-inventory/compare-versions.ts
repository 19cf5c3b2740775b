import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { ModelVersionDetail } from '@vw/shared-contracts';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { CompareTable } from './compare-table';
import { comparisonOf } from './comparison';
import { InventoryClient } from './inventory-client';
import { type VersionChoice, VersionPicker } from './version-picker';

/** Two versions of one model side by side; only what differs, unless all of it is asked for. */
@Component({
  selector: 'vw-compare-versions',
  imports: [CompareTable, LoadFailed, MatSlideToggle, Skeleton, VersionPicker],
  templateUrl: './compare-versions.html',
  styleUrl: './compare-versions.scss',
})
export class CompareVersions {
  private readonly client = inject(InventoryClient);

  readonly version = input.required<ModelVersionDetail>();
  readonly otherId = input.required<string>();
  /** The other versions of the model. */
  readonly choices = input.required<readonly VersionChoice[]>();
  readonly picked = output<string>();

  protected readonly other = this.client.version(this.otherId);
  /** A link may name any version; only one of the same model can be compared. */
  protected readonly isForeign = computed(() => {
    const other = this.other.value();
    return other !== undefined && other.modelName !== this.version().modelName;
  });
  protected readonly compared = computed(() => {
    const [old, now] = [this.other.value(), this.version()];
    return old === undefined || this.isForeign()
      ? null
      : { versions: [old.version, now.version] as const, parts: comparisonOf(old, now) };
  });
  protected readonly onlyDifferences = signal(true);
}

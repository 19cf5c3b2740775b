import { Component, computed, input, linkedSignal } from '@angular/core';
import type { MetricCourse, MetricPoint, ModelVersionDetail } from '@vw/shared-contracts';
import { Clipped } from '../ui/clipped';
import { entriesOf } from './entries';
import { byVersion, differenceText } from './numbers';
import { Sparkline } from './sparkline';

/** Versions of the table of numbers that are laid out at once; a model may have ten thousand. */
const SHOWN = 50;

/** The metrics of a version: their values, the difference to the version before it, and how each went over the model's versions. */
@Component({
  selector: 'vw-metric-table',
  imports: [Clipped, Sparkline],
  templateUrl: './metric-table.html',
  styleUrl: './metric-table.scss',
})
export class MetricTable {
  readonly version = input.required<ModelVersionDetail>();
  /** Undefined while it is not known, or is not to be shown. */
  readonly course = input.required<MetricCourse | undefined>();

  private readonly id = computed(() => this.version().id);
  /** Versions that have one of these metrics, by number. */
  private readonly versions = computed(() => {
    const points = Object.values(this.course()?.metrics ?? {}).flat();
    const byId = new Map(points.map(({ versionId, version }) => [versionId, version]));
    return [...byId]
      .map(([id, version]) => ({ id, version }))
      .sort((a, b) => byVersion(a.version, b.version));
  });
  private readonly at = computed(() => this.versions().findIndex(({ id }) => id === this.id()));
  protected readonly before = computed(() => this.versions()[this.at() - 1] ?? null);
  protected readonly trend = computed(() => {
    const [first, last] = [this.versions()[0], this.versions().at(-1)];
    return first && last && first !== last ? `Trend, v${first.version} to v${last.version}` : null;
  });

  protected readonly rows = computed(() => {
    const metrics = new Map(Object.entries(this.version().metrics));
    const courses = new Map(Object.entries(this.course()?.metrics ?? {}));
    return entriesOf(this.version().metrics).map((entry) => {
      const values = new Map((courses.get(entry.key) ?? []).map((point) => [point.versionId, point.value]));
      const line = this.versions().map(({ id }) => numberOrNull(values.get(id)));
      return {
        ...entry,
        difference: differenceText(metrics.get(entry.key), values.get(this.before()?.id ?? '')),
        values,
        line,
      };
    });
  });
  protected readonly dotAt = this.at;

  protected readonly isOpen = linkedSignal({ source: this.id, computation: () => false });
  protected readonly shownVersions = linkedSignal({ source: this.id, computation: () => SHOWN });
  protected readonly hidden = computed(() => Math.max(0, this.versions().length - this.shownVersions()));
  /** Newest first. */
  protected readonly numbers = computed(() =>
    this.versions()
      .slice(-this.shownVersions())
      .reverse()
      .map(({ id, version }) => ({
        id,
        version,
        values: this.rows().map(({ key, values }) => ({ key, value: String(values.get(id) ?? '–') })),
      })),
  );

  protected showMore(): void {
    this.shownVersions.update((shown) => shown * 4);
  }
}

function numberOrNull(value: MetricPoint['value'] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

import { Component, computed, input } from '@angular/core';
import { Clipped } from '../ui/clipped';
import { LongText } from '../ui/long-text';

/** One field of two versions. Null: it has none. */
export interface ComparedField {
  name: string;
  old: string | null;
  new: string | null;
  differs: boolean;
  /** `changed`, `added`, `removed`, or a number's difference; empty where nothing differs. */
  difference: string;
}

/** Fields of two versions side by side. Without colour: MLflow does not say what is better. */
@Component({
  selector: 'vw-compare-table',
  imports: [Clipped, LongText],
  template: `
    <div class="titled">
      <h3>{{ heading() }}</h3>
      <span class="small muted num">{{ count() }}</span>
    </div>
    @if (rows().length > 0) {
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{{ kind() }}</th>
            <th scope="col">v{{ versions()[0] }}</th>
            <th scope="col">v{{ versions()[1] }}</th>
            <th scope="col" class="right">Difference</th>
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track row.name) {
            <tr [class.differs]="row.differs">
              <th scope="row">
                <span class="mono" [vwClipped]="row.name">{{ row.name }}</span>
              </th>
              <td>
                <span class="beside muted" aria-hidden="true">v{{ versions()[0] }}</span>
                <vw-long-text class="mono" [text]="row.old ?? '–'" />
              </td>
              <td>
                <span class="beside muted" aria-hidden="true">v{{ versions()[1] }}</span>
                <vw-long-text class="mono" [class.strong]="row.differs" [text]="row.new ?? '–'" />
              </td>
              <td class="right num muted">{{ row.difference }}</td>
            </tr>
          }
        </tbody>
      </table>
    } @else {
      <p class="muted">{{ fields().length === 0 ? 'Neither has any' : 'No differences' }}</p>
    }
  `,
  styleUrl: './compare-table.scss',
})
export class CompareTable {
  readonly heading = input.required<string>();
  /** What a row is: `Metric`. */
  readonly kind = input.required<string>();
  /** Numbers of the two versions. */
  readonly versions = input.required<readonly [string, string]>();
  readonly fields = input.required<readonly ComparedField[]>();
  readonly onlyDifferences = input.required<boolean>();

  protected readonly rows = computed(() =>
    this.onlyDifferences() ? this.fields().filter(({ differs }) => differs) : this.fields(),
  );
  protected readonly count = computed(() => {
    const all = this.fields().length;
    return all === 0 ? '' : `${this.fields().filter(({ differs }) => differs).length} of ${all} differ`;
  });
}

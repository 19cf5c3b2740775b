import { Component, input, output } from '@angular/core';

export interface VersionChoice {
  id: string;
  version: string;
  /** What is said beside the number: the stage, or that it is gone; empty where neither is known. */
  note: string;
}

/** One of a model's versions, as a field of the browser's own: it takes ten thousand as well as two. */
@Component({
  selector: 'vw-version-picker',
  template: `
    <select #field [attr.aria-label]="label()" (change)="picked.emit(field.value)">
      @if (selected() === null) {
        <option value="" selected disabled>Choose a version</option>
      }
      @for (choice of choices(); track choice.id) {
        <option [value]="choice.id" [selected]="choice.id === selected()">{{ text(choice) }}</option>
      }
    </select>
  `,
  styles: `
    :host {
      display: inline-flex;
      min-width: 0;
    }
    select {
      height: 28px;
      /* As wide as what is chosen, where the browser can; else as the widest choice. */
      field-sizing: content;
      max-width: 180px;
      padding: 0 4px 0 8px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 8px;
      background: var(--vw-card);
      color: var(--vw-text);
      font: 500 13px / 20px var(--vw-sans);
      font-variant-numeric: tabular-nums;
      text-overflow: ellipsis;
    }
    @media (max-width: 839.98px) {
      select {
        height: 44px;
        font-size: 16px;
      }
    }
  `,
})
export class VersionPicker {
  readonly label = input.required<string>();
  readonly choices = input.required<readonly VersionChoice[]>();
  readonly selected = input.required<string | null>();
  /** Whether what the chosen one notes stands beside the field already, and is not said twice. */
  readonly isBare = input(false);
  readonly picked = output<string>();

  protected text({ id, version, note }: VersionChoice): string {
    const hidesNote = this.isBare() && id === this.selected();
    return note === '' || hidesNote ? `v${version}` : `v${version}, ${note}`;
  }
}

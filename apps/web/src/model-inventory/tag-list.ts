import { Component, input } from '@angular/core';
import { LongText } from '../ui/long-text';
import type { Entry } from './entries';

/** Tags, each with its value; long ones folded. */
@Component({
  selector: 'vw-tag-list',
  imports: [LongText],
  template: `
    <ul>
      @for (tag of tags(); track tag.key) {
        <li>
          <bdi class="muted">{{ tag.key }}</bdi>
          @if (tag.isLong) {
            <vw-long-text class="value" [text]="tag.value" [lines]="3" />
          } @else {
            <bdi class="value">{{ tag.value }}</bdi>
          }
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    li {
      display: inline-flex;
      flex-wrap: wrap;
      column-gap: 6px;
      max-width: 100%;
      padding: 1px 8px;
      border: 1px solid var(--vw-line);
      border-radius: 6px;
      overflow-wrap: anywhere;
    }
    .value {
      font-weight: 500;
    }
  `,
})
export class TagList {
  readonly tags = input.required<readonly Entry[]>();
}

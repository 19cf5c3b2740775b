import { Component, computed, type ElementRef, input, linkedSignal, viewChild } from '@angular/core';
import { clipping } from './clipping';

/** More than the lines of any width show, in characters; a description may hold 100,000, which cost time to lay out. */
const FOLDED_CHARACTERS = 2_000;

/** A text of any length: its first lines, and the rest when asked for. */
@Component({
  selector: 'vw-long-text',
  template: `
    <p #body dir="auto" [class.folded]="!isOpen()" [style.--lines]="lines()">{{ shown() }}</p>
    @if (isOpen() || hasMore()) {
      <button class="link small" type="button" [attr.aria-expanded]="isOpen()" (click)="toggle()">
        {{ isOpen() ? 'Show less' : 'Show all' }}
      </button>
    }
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    p {
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    .folded {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: var(--lines);
      overflow: hidden;
    }
    .link {
      min-height: 24px;
    }
    @media (max-width: 839.98px) {
      .link {
        min-height: 44px;
      }
    }
  `,
})
export class LongText {
  private readonly body = viewChild.required<ElementRef<HTMLElement>>('body');

  readonly text = input.required<string>();
  readonly lines = input(6);

  protected readonly isOpen = linkedSignal({ source: this.text, computation: () => false });
  protected readonly shown = computed(() =>
    this.isOpen() ? this.text() : this.text().slice(0, FOLDED_CHARACTERS),
  );
  private readonly isClipped = clipping(() => this.body().nativeElement, this.shown);
  protected readonly hasMore = computed(() => this.text().length > FOLDED_CHARACTERS || this.isClipped());

  protected toggle(): void {
    this.isOpen.update((open) => !open);
  }
}

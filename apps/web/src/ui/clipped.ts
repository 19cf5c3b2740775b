import {
  Component,
  type ComponentRef,
  DestroyRef,
  Directive,
  ElementRef,
  inject,
  input,
  ViewContainerRef,
} from '@angular/core';
import { clipping } from './clipping';

const GAP_PX = 6;
/** Nearer to the lower edge than this the tooltip stands above. */
const ROOM_PX = 160;

/** Beside the element, on the side with more room. The text is the element's own, so screen readers have it already. */
@Component({
  selector: 'vw-tooltip',
  template: '{{ text() }}',
  styles: `
    :host {
      position: fixed;
      z-index: 40;
      max-width: min(480px, calc(100vw - 32px));
      max-height: 40vh;
      overflow: hidden;
      padding: 6px 10px;
      border-radius: 6px;
      font: 400 12px / 16px var(--vw-sans);
      letter-spacing: 0;
      white-space: normal;
      overflow-wrap: anywhere;
      pointer-events: none;
      background: var(--mat-sys-inverse-surface);
      color: var(--mat-sys-inverse-on-surface);
    }
  `,
  host: { 'aria-hidden': 'true', dir: 'auto' },
})
export class Tooltip {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  readonly text = input.required<string>();

  placeAt(anchor: DOMRect): void {
    const { style } = this.host.nativeElement;
    const { innerWidth, innerHeight } = window;
    const onRight = anchor.left > innerWidth / 2;
    const above = anchor.bottom > innerHeight - ROOM_PX;
    style.left = onRight ? 'auto' : `${anchor.left}px`;
    style.right = onRight ? `${Math.max(16, innerWidth - anchor.right)}px` : 'auto';
    style.top = above ? 'auto' : `${anchor.bottom + GAP_PX}px`;
    style.bottom = above ? `${innerHeight - anchor.top + GAP_PX}px` : 'auto';
  }
}

/**
 * One line that is cut off where it has no room; whole in a tooltip, on hover and on focus. It takes focus only where
 * something is cut off, and not at all with `focusable` false: then whatever has the focus reveals it.
 */
@Directive({
  selector: '[vwClipped]',
  exportAs: 'clipped',
  host: {
    class: 'ellipsis',
    '[attr.title]': 'vwClipped()',
    '[attr.tabindex]': 'focusable() && isClipped() ? 0 : null',
    '(focus)': 'reveal()',
    '(blur)': 'conceal()',
    '(keydown.escape)': 'dismiss($event)',
  },
})
export class Clipped {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly container = inject(ViewContainerRef);
  private tooltip: ComponentRef<Tooltip> | null = null;
  private readonly follow = (): void => this.place();

  readonly vwClipped = input.required<string>();
  readonly focusable = input(true);

  protected readonly isClipped = clipping(() => this.host.nativeElement, this.vwClipped);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.conceal());
  }

  reveal(): void {
    if (!this.isClipped() || this.tooltip !== null) return;
    this.tooltip = this.container.createComponent(Tooltip);
    this.tooltip.setInput('text', this.vwClipped());
    this.place();
    // Focus scrolls what it reaches into view, and the event comes afterwards.
    document.addEventListener('scroll', this.follow, { capture: true, passive: true });
  }

  conceal(): void {
    document.removeEventListener('scroll', this.follow, { capture: true });
    this.tooltip?.destroy();
    this.tooltip = null;
  }

  /** Esc belongs to the tooltip first. */
  protected dismiss(event: Event): void {
    if (this.tooltip === null) return;
    event.preventDefault();
    this.conceal();
  }

  private place(): void {
    this.tooltip?.instance.placeAt(this.host.nativeElement.getBoundingClientRect());
  }
}

import { afterNextRender, afterRenderEffect, DestroyRef, inject, signal, type Signal } from '@angular/core';

/** Whether an element cuts off a part of its content; follows its size and `content`. */
export function clipping(element: () => HTMLElement, content: () => unknown): Signal<boolean> {
  const destroyRef = inject(DestroyRef);
  const clipped = signal(false);
  const measure = (): void => clipped.set(cutsOff(element()));
  afterRenderEffect({
    read: () => {
      content();
      measure();
    },
  });
  afterNextRender(() => {
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(element());
    destroyRef.onDestroy(() => observer.disconnect());
  });
  return clipped.asReadonly();
}

/** Heights are rounded: one pixel is no line. */
function cutsOff({ scrollWidth, clientWidth, scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollWidth > clientWidth || scrollHeight > clientHeight + 1;
}

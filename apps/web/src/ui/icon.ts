import { Component, computed, input } from '@angular/core';
import { ICON_PATHS, type IconName } from './icon-paths';

/** Decoration only: what it means is always written beside it. */
@Component({
  selector: 'vw-icon',
  template: `<svg viewBox="0 -960 960 960" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-block;
      flex: none;
      line-height: 0;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: currentColor;
    }
  `,
  host: { '[style.width.px]': 'size()', '[style.height.px]': 'size()' },
})
export class Icon {
  readonly name = input.required<IconName>();
  readonly size = input(18);

  protected readonly path = computed(() => ICON_PATHS[this.name()]);
}

import { afterNextRender, Component, ElementRef, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';

/** A secret in the only moment that it can be seen. Takes the focus, for whoever asked for it looks for it. */
@Component({
  selector: 'vw-shown-once',
  imports: [CopyButton, Icon, MatButton],
  template: `
    <h2 tabindex="-1">{{ heading() }}</h2>
    <p class="secret">
      <code class="mono">{{ secret() }}</code>
      <vw-copy-button [what]="what()" [value]="secret()" />
    </p>
    <p class="once">
      <vw-icon name="warning" [size]="16" />Shown this once. Copy it now: only its hash is kept.
    </p>
    <div class="muted"><ng-content /></div>
    <button matButton="outlined" class="outlined" type="button" (click)="done.emit()">Done</button>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: flex-start;
      gap: 10px;
      padding: 16px 20px 20px;
    }
    h2:focus {
      outline: none;
    }
    .secret {
      display: flex;
      align-items: center;
      gap: 8px;
      max-width: 100%;
      padding: 8px 8px 8px 12px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 8px;
    }
    code {
      overflow-wrap: anywhere;
      user-select: all;
    }
    .once {
      display: flex;
      align-items: center;
      gap: 8px;
      color: var(--vw-warn);
      font-weight: 500;
    }
  `,
})
export class ShownOnce {
  readonly heading = input.required<string>();
  readonly what = input.required<string>();
  readonly secret = input.required<string>();
  readonly done = output();

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef);
    afterNextRender(() => host.nativeElement.querySelector('h2')?.focus());
  }
}

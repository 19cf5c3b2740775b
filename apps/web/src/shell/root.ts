import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { LoadFailed } from '../ui/load-failed';
import { StartUp } from './start-up';
import { Theme } from './theme';

@Component({
  selector: 'vw-root',
  imports: [LoadFailed, RouterOutlet],
  template: `
    @if (startUp.failure(); as failure) {
      <vw-load-failed
        heading="VerifyWise could not be loaded"
        [error]="failure.error"
        (retry)="startUp.tryAgain()"
      />
    } @else {
      <router-outlet />
    }
  `,
})
export class Root {
  protected readonly startUp = inject(StartUp);

  constructor() {
    inject(Theme).apply();
  }
}

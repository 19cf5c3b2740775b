import { Component, input } from '@angular/core';
import { Icon } from '../ui/icon';

/** Beside the form: what is read, what is needed, what is promised. */
@Component({
  selector: 'vw-setup-notes',
  imports: [Icon],
  template: `
    <h3>What VerifyWise reads</h3>
    <div class="fact">
      <vw-icon class="tone-progress" name="inventory" [size]="20" />
      <div>
        <div class="name">Models and versions</div>
        <div class="small muted">Names, lifecycle stages, aliases, tags</div>
      </div>
    </div>
    <div class="fact">
      <vw-icon class="tone-progress" name="bars" [size]="20" />
      <div>
        <div class="name">Training evidence</div>
        <div class="small muted">Metrics, parameters, data and code, experiment info</div>
      </div>
    </div>
    <div class="fact">
      <vw-icon class="tone-progress" name="history" [size]="20" />
      <div>
        <div class="name">Every change</div>
        <div class="small muted">Logged with each sync, never overwritten</div>
      </div>
    </div>
    <hr />
    <h3>Before you start</h3>
    <ul>
      <li><vw-icon class="muted" name="check" />MLflow tracking server URL</li>
      <li><vw-icon class="muted" name="check" />A service account with read-only access</li>
      <li>
        @if (workerRuns() === false) {
          <vw-icon class="tone-warning" name="warning" />Background worker process stopped
        } @else {
          <vw-icon class="tone-ok" name="check-circle" />Background worker process running
        }
      </li>
    </ul>
    <div class="promise">
      <vw-icon class="muted" name="lock" />
      <span
        >Credentials are encrypted before storage and are never logged. VerifyWise writes nothing to MLflow
        but the webhook that you turn on.</span
      >
    </div>
    <p class="small muted">Each organization can have one MLflow configuration.</p>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 16px;
      padding: 20px 24px;
      background: var(--vw-aside);
    }
    .fact {
      display: flex;
      align-items: flex-start;
      gap: 12px;
    }
    .name {
      font-weight: 500;
    }
    hr {
      width: 100%;
      margin: 0;
      border: 0;
      border-top: 1px solid var(--vw-line);
    }
    ul {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    .promise {
      display: flex;
      align-items: flex-start;
      gap: 10px;
      padding: 12px;
      border-radius: 10px;
      font-size: 12px;
      line-height: 18px;
      background: color-mix(in srgb, var(--mat-sys-on-surface) 4%, transparent);
    }
  `,
})
export class SetupNotes {
  readonly workerRuns = input.required<boolean | null>();
}

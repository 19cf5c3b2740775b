import { Component, DOCUMENT, inject } from '@angular/core';
import { CopyButton } from '../ui/copy-button';

/** How a program uses a key; the key itself stays out of commands, which shells remember. */
@Component({
  selector: 'vw-key-examples',
  imports: [CopyButton],
  template: `
    <section class="card" aria-labelledby="examples-title">
      <h2 id="examples-title">Use a key</h2>
      <p class="lead muted">With the key in the environment, as <code class="mono">VW_API_KEY</code>:</p>
      @for (example of examples; track example.what) {
        <h3>
          {{ example.what }} <span class="muted small">scope {{ example.scope }}</span>
        </h3>
        <div class="example">
          <pre class="mono" tabindex="0" role="region" [attr.aria-label]="example.what">{{
            example.command
          }}</pre>
          <vw-copy-button [what]="'command: ' + example.what" [value]="example.command" />
        </div>
      }
      <p class="small muted">
        <code class="mono">vw-gate</code> exits with 0 for allow, 1 for deny, 3 where the answer is not known.
        All routes: <a href="/api/docs">/api/docs</a>
      </p>
    </section>
  `,
  styles: `
    .card {
      padding: 16px 20px 20px;
    }
    h3 {
      margin: 12px 0 4px;
    }
    .example {
      display: flex;
      align-items: flex-start;
      gap: 4px;
    }
    pre {
      flex: 1;
      min-width: 0;
      margin: 0;
      padding: 10px 12px;
      overflow-x: auto;
      border-radius: 8px;
      line-height: 18px;
      background: color-mix(in srgb, var(--mat-sys-on-surface) 4%, transparent);
    }
    p {
      margin-top: 12px;
    }
    .lead {
      margin-top: 0;
    }
    @media (max-width: 839.98px) {
      .card {
        padding: 16px;
      }
    }
  `,
})
export class KeyExamples {
  private readonly origin = inject(DOCUMENT).location.origin;

  protected readonly examples = [
    {
      what: 'Read the inventory',
      scope: 'read',
      command: `curl -H "Authorization: Bearer $VW_API_KEY" \\\n  ${this.origin}/api/v1/model-inventory/mlflow/versions`,
    },
    {
      what: 'Re-run the sync',
      scope: 'sync',
      command: `curl -X POST -H "Authorization: Bearer $VW_API_KEY" \\\n  ${this.origin}/api/v1/integrations/mlflow/sync`,
    },
    {
      what: 'Ask the promotion gate',
      scope: 'gate',
      command: `npx vw-gate --url ${this.origin} \\\n  --model credit-risk-pd --version 7 --target Production`,
    },
  ];
}

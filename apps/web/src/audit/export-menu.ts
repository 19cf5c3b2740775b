import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Icon } from '../ui/icon';
import { AuditClient } from './audit-client';
import { TrailState } from './trail-state';

/** The trail as a file, with the present filters. Only a whole one can be verified: an extract has gaps. */
@Component({
  selector: 'vw-export-menu',
  imports: [Icon, MatButton, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `
    <button matButton="outlined" class="outlined" type="button" [matMenuTriggerFor]="menu">
      <vw-icon matButtonIcon name="download" />Export
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @for (file of files(); track file.text) {
        <a mat-menu-item [href]="file.url" [download]="file.name" [attr.aria-describedby]="'export-note'">{{
          file.text
        }}</a>
      }
      <div class="note small muted" id="export-note">
        @if (trail.isFiltered()) {
          Only events that match the filters: such an extract cannot be verified offline. Clear the filters to
          export the whole trail, which
        } @else {
          The whole trail. Its file
        }
        can be verified without this server:
        <code class="mono">npm run audit:verify -- FILE</code>
      </div>
    </mat-menu>
  `,
  styles: `
    .note {
      max-width: 280px;
      padding: 8px 12px;
      border-top: 1px solid var(--vw-line);
    }
    code {
      display: block;
      margin-top: 4px;
      color: var(--vw-text);
    }
  `,
})
export class ExportMenu {
  private readonly client = inject(AuditClient);

  protected readonly trail = inject(TrailState);
  protected readonly files = computed(() => [
    { text: 'CSV', name: 'audit-trail.csv', url: this.client.exportUrl('csv', this.trail.filter()) },
    {
      text: 'JSON Lines',
      name: 'audit-trail.jsonl',
      url: this.client.exportUrl('jsonl', this.trail.filter()),
    },
  ]);
}

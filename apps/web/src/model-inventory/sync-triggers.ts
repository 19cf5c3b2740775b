import { HttpClient } from '@angular/common/http';
import { inject, Service, signal } from '@angular/core';
import type { SyncRun } from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { Session } from '../shell/session';

export const TRIGGER_WORDS = {
  scheduled: 'scheduled sync',
  manual: 'manual sync',
  poll: 'poll',
  webhook: 'webhook',
} as const;

/** What started the sync runs that saw changes. Each is asked for once, for it never changes; a Viewer may not know. */
@Service()
export class SyncTriggers {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly asked = new Set<string>();
  private readonly known = signal<ReadonlyMap<string, string>>(new Map());

  /** `scheduled sync` by the run's id, of those that are known so far. */
  readonly words = this.known.asReadonly();

  /** Asks for the runs that nobody asked for yet. */
  learn(runIds: Iterable<string>): void {
    if (!this.session.canReadIntegrations()) return;
    for (const id of runIds) {
      if (this.asked.has(id)) continue;
      this.asked.add(id);
      void this.ask(id);
    }
  }

  private async ask(id: string): Promise<void> {
    try {
      const { trigger } = await firstValueFrom(
        this.http.get<SyncRun>(`/api/v1/integrations/mlflow/sync-runs/${id}`),
      );
      this.known.update((known) => new Map(known).set(id, TRIGGER_WORDS[trigger]));
    } catch {
      // Whatever failed: the change is shown without its sync, and the next change of that run asks again.
      this.asked.delete(id);
    }
  }
}

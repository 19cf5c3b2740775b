import { TestBed } from '@angular/core/testing';
import type { InventorySummary } from '@vw/shared-contracts';
import { NothingSynced } from './nothing-synced';

const EMPTY: InventorySummary = {
  models: 0,
  active: 0,
  staging: 0,
  experiments: 0,
  stages: { None: 0, Staging: 0, Production: 0, Archived: 0 },
  lastSyncedAt: null,
  configured: true,
  stale: false,
  lastSync: null,
};

describe('a connection that has brought no version yet', () => {
  const render = async (inputs: Partial<Record<'summary' | 'workerRuns' | 'canSync', unknown>>) => {
    const fixture = TestBed.createComponent(NothingSynced);
    const all = { summary: EMPTY, workerRuns: true, upcomingSyncAt: null, canSync: true, ...inputs };
    for (const [name, value] of Object.entries(all)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    return {
      checks: Array.from(page.querySelectorAll('li'), (item) =>
        item.textContent?.trim().replace(/\s+/g, ' '),
      ),
      text: page.textContent ?? '',
      button: page.querySelector('button'),
    };
  };

  it('lists three checks in order, each as far as it is known', async () => {
    const { checks } = await render({});
    expect(checks).toEqual([
      'Done: Background worker process is running',
      'To check: Service account may list models',
      'To check: First sync finished',
    ]);
  });

  it('shows the check that failed', async () => {
    const summary = { ...EMPTY, lastSync: { status: 'failed', finishedAt: '2026-11-24T13:00:00Z' } };
    const { checks } = await render({ workerRuns: false, summary });
    expect(checks[0]).toBe('Not done: Background worker process is running');
    expect(checks[2]).toBe('Not done: First sync finished');
  });

  it('leaves open what a Viewer may not know, and offers no sync', async () => {
    const { checks, button } = await render({ workerRuns: null, canSync: false });
    expect(checks[0]).toBe('To check: Background worker process is running');
    expect(button).toBeNull();
  });

  it('tells an empty registry from one that was not read', async () => {
    const { checks, text } = await render({ summary: { ...EMPTY, lastSyncedAt: '2026-11-24T13:00:00Z' } });
    expect(checks.every((check) => check?.startsWith('Done:'))).toBe(true);
    expect(text).toContain('The last sync found no registered model');
  });

  it('tells models without versions from no models', async () => {
    const { text } = await render({ summary: { ...EMPTY, models: 3, lastSyncedAt: '2026-11-24T13:00:00Z' } });
    expect(text).toContain('MLflow holds 3 registered models without any version.');
  });
});

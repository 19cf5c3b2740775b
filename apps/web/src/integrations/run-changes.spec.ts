import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Change, SyncRun } from '@vw/shared-contracts';
import { RunChanges } from './run-changes';

const RUN: SyncRun = {
  id: 'run-1',
  trigger: 'scheduled',
  requestedBy: null,
  status: 'succeeded',
  requestedAt: '2026-11-25T20:00:00Z',
  startedAt: '2026-11-25T20:00:01Z',
  finishedAt: '2026-11-25T20:00:02Z',
  progress: { phase: 'done', currentModel: null, models: 1, versions: 57, total: 57 },
  counts: { created: 57, updated: 0, unchanged: 0, removed: 0 },
  held: 0,
  requests: 7,
  error: null,
};

const changes = (first: number, count: number): Change[] =>
  Array.from({ length: count }, (_, index) => ({
    versionId: `v-${first + index}`,
    modelName: 'credit-risk-pd',
    version: String(first + index),
    field: 'version',
    old: null,
    new: String(first + index),
    runId: RUN.id,
    observedAt: '2026-11-25T20:00:02Z',
  }));

describe('the changes of a sync', () => {
  let fixture: ComponentFixture<RunChanges>;
  let http: HttpTestingController;

  const rows = (): string[] =>
    [...fixture.nativeElement.querySelectorAll('li a')].map((link: Element) => link.textContent.trim());
  const more = (): HTMLButtonElement | null => fixture.nativeElement.querySelector('button.more');
  const settle = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done));
    await fixture.whenStable();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(RunChanges);
    fixture.componentRef.setInput('run', RUN);
    TestBed.tick();
    http
      .expectOne(({ url }) => url.endsWith('/sync-runs/run-1/changes'))
      .flush({ items: changes(1, 5), nextCursor: 'c1', total: 57 });
    await settle();
  });

  it('shows the first few, then all of them in steps', async () => {
    expect(rows()).toHaveLength(5);
    expect(rows()[0]).toBe('credit-risk-pd v1');
    expect(more()?.textContent).toContain('Show 50 more changes of 52 left');
    more()?.click();
    const next = http.expectOne(({ params }) => params.get('cursor') === 'c1');
    next.flush({ items: changes(6, 50), nextCursor: 'c2', total: null });
    await settle();
    expect(rows()).toHaveLength(55);
    more()?.click();
    const last = http.expectOne(({ params }) => params.get('cursor') === 'c2');
    last.flush({ items: changes(56, 2), nextCursor: null, total: null });
    await settle();
    expect(rows()).toHaveLength(57);
    expect(more()).toBeNull();
  });

  it('says of a long text only that it changed; the version itself shows how', async () => {
    more()?.click();
    const [one, two] = changes(6, 2);
    http
      .expectOne(({ params }) => params.get('cursor') === 'c1')
      .flush({
        items: [
          { ...one, field: 'description', old: 'Short.', new: 'x'.repeat(100) },
          { ...two, field: 'description', old: '', new: 'Short.' },
        ],
        nextCursor: null,
        total: null,
      });
    await settle();
    const told = [...fixture.nativeElement.querySelectorAll('li .what')].slice(-2);
    expect(told.map((what: Element) => what.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      'Description changed',
      'Description: none → Short.',
    ]);
  });

  it('keeps what it shows when more of them cannot be loaded, and says so', async () => {
    more()?.click();
    http
      .expectOne(({ params }) => params.get('cursor') === 'c1')
      .flush({ code: 'unavailable', detail: 'Not ready.' }, { status: 503, statusText: 'x' });
    await settle();
    expect(rows()).toHaveLength(5);
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain('Not ready.');
    expect(more()?.disabled).toBe(false);
  });
});

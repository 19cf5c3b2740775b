import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { Change } from '@vw/shared-contracts';
import { LiveEvents, OPEN_EVENT_SOURCE } from '../shell/live-events';
import { Session } from '../shell/session';
import { ChangeHistory } from './change-history';

/** Change `n` of a log, the highest the newest. */
const change = (n: number): Change => ({
  versionId: 'v1',
  modelName: 'credit-risk-pd',
  version: '7',
  field: `tags.note-${n}`,
  old: null,
  new: `value ${n}`,
  runId: 'run',
  observedAt: '2026-11-24T13:00:00Z',
});

/** Changes from `newest` down to `oldest`. */
const changes = (newest: number, oldest: number) =>
  Array.from({ length: newest - oldest + 1 }, (_, at) => change(newest - at));

class Source {
  static last: Source;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 1;
  constructor() {
    Source.last = this;
  }
  close(): void {}
}

describe('the change history of a version', () => {
  let fixture: ComponentFixture<ChangeHistory>;
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
  };
  const answer = async (cursor: string | null, items: Change[], nextCursor: string | null, total: number) => {
    http
      .expectOne(({ url, params }) => url.endsWith('/changes') && params.get('cursor') === cursor)
      .flush({ items, nextCursor, total: cursor === null ? total : null });
    await settle();
  };
  const texts = () =>
    Array.from(page.querySelectorAll('.change'), (row) => row.textContent?.trim().replace(/\s+/g, ' '));
  const button = () => page.querySelector<HTMLButtonElement>('.more button');
  const choose = async (kind: string) => {
    Array.from(page.querySelectorAll('button'))
      .find(({ textContent }) => textContent?.trim() === kind)
      ?.click();
    await settle();
  };
  const more = async () => {
    button()?.click();
    await settle();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: OPEN_EVENT_SOURCE, useValue: () => new Source() },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(LiveEvents).open();
    fixture = TestBed.createComponent(ChangeHistory);
    fixture.componentRef.setInput('versionId', 'v1');
    page = fixture.nativeElement;
    TestBed.tick();
  });

  afterEach(() => TestBed.inject(LiveEvents).close());

  const announce = async () => {
    Source.last.onmessage?.({ data: JSON.stringify({ topic: 'inventory', id: 'x' }) });
    for (const deadline = Date.now() + 5_000; Date.now() < deadline; await settle()) {
      const asked = http.match(({ params }) => !params.has('cursor'));
      if (asked.length > 0) return asked;
    }
    throw new Error('nothing was read again');
  };

  it('shows each change as its field, its old and its new value', async () => {
    await answer(null, [{ ...change(1), field: 'stage', old: 'Staging', new: 'Production' }], null, 1);
    expect(texts()).toEqual(['Stage: Staging → Production']);
    expect(page.textContent).toContain('1 change');
    expect(button()).toBeNull();
  });

  it('shows a changed description old and new, folded until all of it is asked for', async () => {
    const [old, now] = ['Calibrated for Sweden.\nDrifted.', 'x'.repeat(5_000)];
    await answer(null, [{ ...change(1), field: 'description', old, new: now }], null, 1);
    expect(page.querySelector('.change')?.textContent?.trim()).toBe('Description');
    const values = () => Array.from(page.querySelectorAll('vw-long-text p'), (text) => text.textContent);
    expect(values()).toEqual([old, 'x'.repeat(2_000)]);
    Array.from(page.querySelectorAll<HTMLElement>('vw-long-text button')).at(-1)?.click();
    await settle();
    expect(values()).toEqual([old, now]);
  });

  it('shows a short description in the line of its change, and none as none', async () => {
    await answer(null, [{ ...change(1), field: 'description', old: '', new: 'For Norway.' }], null, 1);
    expect(texts()).toEqual(['Description: none → For Norway.']);
  });

  it('counts no changes that an instant had not seen, and says where it had seen none', async () => {
    await answer(null, changes(3, 1), null, 3);
    expect(page.textContent).toContain('3 changes');
    fixture.componentRef.setInput('until', '2026-11-24T12:59:59Z');
    await settle();
    expect(texts()).toEqual([]);
    expect(page.textContent).not.toContain('3 changes');
    expect(page.textContent).toContain('No changes by then');
    await choose('Stage');
    expect(page.textContent).toContain('No changes of this kind');
  });

  it('shows the rest in steps until all of it is there', async () => {
    await answer(null, changes(75, 56), 'c1', 75);
    expect(page.textContent).toContain('20 of 75 shown');
    await more();
    await answer('c1', changes(55, 6), 'c2', 75);
    expect(page.textContent).toContain('70 of 75 shown');
    await more();
    await answer('c2', changes(5, 1), null, 75);
    expect(texts().length).toBe(75);
    expect(page.textContent).toContain('75 of 75 shown');
    expect(button()).toBeNull();
  });

  it('leaves the focus at the end of the list when the last step took its button away', async () => {
    await answer(null, changes(21, 2), 'c1', 21);
    button()?.focus();
    await more();
    await answer('c1', changes(1, 1), null, 21);
    expect(document.activeElement?.textContent).toBe('21 of 21 shown');
  });

  it('puts new changes before those shown already, without a gap or a repetition', async () => {
    await answer(null, changes(40, 21), 'c1', 40);
    await more();
    await answer('c1', changes(20, 1), null, 40);
    const [asked] = await announce();
    asked?.flush({ items: changes(43, 24), nextCursor: 'c3', total: 43 });
    await settle();
    expect(texts()).toEqual(
      changes(43, 1).map(({ new: value, field }) => `${field.replace('tags.', 'Tag ')}: none → ${value}`),
    );
    expect(button()).toBeNull();
  });

  it('starts anew where more is new than one page holds', async () => {
    await answer(null, changes(20, 1), null, 20);
    const [asked] = await announce();
    asked?.flush({ items: changes(60, 41), nextCursor: 'c1', total: 60 });
    await settle();
    expect(texts().length).toBe(20);
    expect(page.textContent).toContain('20 of 60 shown');
    expect(button()?.textContent).toContain('Show more');
  });

  it('keeps what is shown when a step fails, and tries again', async () => {
    await answer(null, changes(21, 2), 'c1', 21);
    await more();
    http.expectOne(({ params }) => params.get('cursor') === 'c1').error(new ProgressEvent('error'));
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('could not be loaded');
    expect(texts().length).toBe(20);
    expect(button()?.textContent).toContain('Try again');
    await more();
    await answer('c1', changes(1, 1), null, 21);
    expect(texts().length).toBe(21);
    expect(page.querySelector('[role=alert]')).toBeNull();
  });

  it('forgets one version when another one is opened', async () => {
    await answer(null, changes(21, 2), 'c1', 21);
    fixture.componentRef.setInput('versionId', 'v2');
    TestBed.tick();
    await answer(null, [{ ...change(1), versionId: 'v2' }], null, 1);
    expect(texts()).toEqual(['Tag note-1: none → value 1']);
  });

  it('shows only the stages, the aliases or the tags, of all that is shown so far', async () => {
    const of = (field: string): Change => ({ ...change(1), field, old: 'a', new: 'b' });
    await answer(null, ['stage', 'aliases', 'tags.a', 'modelTags.b', 'metrics.stage'].map(of), 'c1', 6);
    await choose('Tags');
    expect(texts()).toEqual(['Tag a: a → b', 'Model tag b: a → b']);
    expect(page.textContent).toContain('5 of 6 shown');
    await choose('Stage');
    expect(texts()).toEqual(['Stage: a → b']);
    await more();
    await answer('c1', [{ ...of('stage'), runId: 'another' }], null, 6);
    expect(texts().length).toBe(2);
    await choose('All');
    expect(texts().length).toBe(6);
  });

  it('tells changes that are not of a kind from a log without changes', async () => {
    await answer(null, [{ ...change(1), field: 'stage' }], null, 1);
    await choose('Aliases');
    expect(page.textContent).toContain('No changes of this kind');
  });

  it('names the sync that saw a change, asked for once', async () => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role: 'auditor' });
    await restored;
    await answer(null, changes(2, 1), null, 2);
    http.expectOne('/api/v1/integrations/mlflow/sync-runs/run').flush({ trigger: 'webhook' });
    await settle();
    expect(page.querySelectorAll('.words')[1]?.textContent).toContain('· webhook');
  });

  it('does not ask for syncs on behalf of a Viewer', async () => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role: 'viewer' });
    await restored;
    await answer(null, changes(1, 1), null, 1);
    http.expectNone(({ url }) => url.includes('/sync-runs/'));
    expect(page.querySelector('.words')?.textContent).not.toContain('·');
  });
});

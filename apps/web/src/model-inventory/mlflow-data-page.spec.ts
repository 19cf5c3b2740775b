import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { InventorySummary, ModelVersionRow, Role } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { MlflowDataPage } from './mlflow-data-page';

const NOW = new Date().toISOString();

const SUMMARY: InventorySummary = {
  models: 1,
  active: 2,
  staging: 0,
  experiments: 1,
  stages: { None: 0, Staging: 0, Production: 2, Archived: 0 },
  lastSyncedAt: NOW,
  configured: true,
  stale: false,
  lastSync: { status: 'succeeded', finishedAt: NOW },
};
const EMPTY = { ...SUMMARY, models: 0, active: 0, stages: { ...SUMMARY.stages, Production: 0 } };

const row = (id: string): ModelVersionRow => ({
  id,
  modelName: 'credit-risk-pd',
  version: '7',
  stage: 'Production',
  aliases: [],
  createdAt: NOW,
  updatedAt: NOW,
  description: '',
  removedAt: null,
  openGaps: null,
  live: true,
});
const ROWS = { items: [row('a'), row('b')], nextCursor: null, total: 2 };
const REFUSED = { code: 'invalid-input', detail: 'Foreign cursor.', instance: 'req-1', errors: [] };

describe('the MLflow data tab', () => {
  let http: HttpTestingController;
  let harness: RouterTestingHarness;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const open = async (path: string, summary: InventorySummary | null = SUMMARY, role: Role = 'viewer') => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    harness = await RouterTestingHarness.create();
    const navigated = harness.navigateByUrl(path, MlflowDataPage);
    await settle();
    if (summary !== null) http.expectOne(({ url }) => url.endsWith('/summary')).flush(summary);
    await settle();
    await navigated;
    page = harness.fixture.nativeElement;
  };
  const versions = () => http.expectOne(({ url }) => url.endsWith('/versions'));
  const answer = async (body: object, status = 200) => {
    versions().flush(body, { status, statusText: 'x' });
    await settle();
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';
  const buttons = () => Array.from(page.querySelectorAll('button'), (button) => button.textContent?.trim());
  const query = () => {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: 'list', component: MlflowDataPage }]),
      ],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('quietly shows the first page for a link whose page belongs to other filters', async () => {
    await open('/list?stage=Production&cursor=foreign');
    await answer(REFUSED, 422);
    expect(query()).toEqual({ stage: 'Production' });
    expect(page.querySelector('[role=alert]')).toBeNull();
    await answer(ROWS);
    expect(text()).toContain('1–2 of 2 versions');
  });

  it('says that the versions could not be loaded, with the reference, where no page was asked for', async () => {
    await open('/list');
    await answer({ ...REFUSED, code: 'internal', detail: 'It failed.' }, 500);
    expect(page.querySelector('[role=alert]')?.textContent).toContain('The versions could not be loaded');
    expect(text()).toContain('Reference req-1');
    expect(buttons()).toContain('Try again');
  });

  it('names the filters that match nothing, and the ways out of them', async () => {
    await open('/list?search=frauds&stage=Staging');
    await answer({ items: [], nextCursor: null, total: 0 });
    expect(text()).toContain('No versions match “frauds” in Staging');
    expect(buttons()).toEqual(expect.arrayContaining(['Search all stages', 'Clear filters']));
  });

  it('names the reviews that no version lacks, and the way out', async () => {
    await open('/list?gap=privacy-evaluation');
    await answer({ items: [], nextCursor: null, total: 0 });
    expect(text()).toContain('No versions without a privacy evaluation');
    expect(buttons()).toContain('Clear filters');
  });

  it('tells an empty later page from filters that match nothing', async () => {
    await open('/list?stage=Staging&cursor=late');
    await answer({ items: [], nextCursor: null, total: null });
    expect(text()).toContain('No versions on this page');
    expect(text()).not.toContain('No versions match');
  });

  it('shows a Viewer the tab without Re-run Sync', async () => {
    await open('/list');
    await answer(ROWS);
    expect(text()).toContain('Up to date with MLflow');
    expect(buttons()).not.toContain('Re-run Sync');
  });

  it('lists the three checks where nothing was synced yet', async () => {
    await open('/list', EMPTY);
    await answer({ ...ROWS, items: [], total: 0 });
    expect(text()).toContain('Connected, but no models yet');
    expect(page.querySelectorAll('vw-nothing-synced li').length).toBe(3);
  });

  it('lists removed versions where only those are left', async () => {
    await open('/list?removed=true', EMPTY);
    await answer({ ...ROWS, items: [{ ...row('a'), removedAt: NOW }], total: 1 });
    expect(text()).not.toContain('Connected, but no models yet');
    expect(text()).toContain('1 of 1 version');
  });

  it('leads to an Admin where nothing is connected', async () => {
    await open('/list', { ...EMPTY, configured: false, lastSyncedAt: null, lastSync: null });
    expect(text()).toContain('Connect MLflow to fill your inventory');
    expect(text()).toContain('An Admin can connect it.');
    expect(page.querySelector('a[href$="/configuration"]')).toBeNull();
  });

  it('keeps the place of every part while the numbers are read', async () => {
    await open('/list', null);
    expect(page.querySelectorAll('vw-summary-cards section').length).toBe(4);
    expect(page.querySelectorAll('vw-list-waiting .row').length).toBe(10);
  });

  it('takes the arrows of the drawer away at the ends of the list', async () => {
    await open('/list?version=a');
    await answer(ROWS);
    const disabled = () =>
      ['Previous', 'Next'].map((way) =>
        page.querySelector(`[aria-label="${way} version in the list"]`)?.getAttribute('aria-disabled'),
      );
    expect(disabled()).toEqual(['true', null]);
    page.querySelector<HTMLElement>('[aria-label="Next version in the list"]')?.click();
    await settle();
    expect(query()).toEqual({ version: 'b' });
    expect(disabled()).toEqual([null, 'true']);
  });

  it('exports what the filters leave, whatever the page and its order', async () => {
    await open('/list?search=a%26b&stage=Production&removed=true&sort=version&order=asc&rows=25');
    await answer(ROWS);
    expect(page.querySelector('a[download]')?.getAttribute('href')).toBe(
      '/api/v1/model-inventory/mlflow/versions.csv?search=a%26b&stage=Production&removed=true',
    );
  });

  describe('by keyboard', () => {
    const press = async (key: string, on: EventTarget = document) => {
      on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      await settle();
    };
    /** The drawer of the first of two versions, with all that it asks for. */
    const loaded = async () => {
      const detail = { modelTags: {}, tags: {}, parameters: {}, metrics: {}, run: null, experiment: null };
      http
        .expectOne(({ url }) => url.endsWith('/versions/a'))
        .flush({ ...row('a'), ...detail, datasets: [] });
      await settle();
      versions().flush({ items: [row('a'), { ...row('b'), version: '6' }], nextCursor: null, total: 2 });
      await settle();
    };

    it('compares with C, and shows another version without what was asked of the last one', async () => {
      await open('/list?version=a');
      await answer(ROWS);
      await loaded();
      await press('c');
      expect(query()).toEqual({ version: 'a', compare: 'b' });
      page.querySelector<HTMLElement>('[aria-label="Next version in the list"]')?.click();
      await settle();
      expect(query()).toEqual({ version: 'b' });
    });

    it('compares the row that has the focus with C, and opens nothing where none has it', async () => {
      await open('/list');
      await answer(ROWS);
      await press('c');
      expect(query()).toEqual({});
      const link = page.querySelector<HTMLElement>('[data-version=a]');
      link?.focus();
      await press('c', link ?? document);
      expect(query()).toEqual({ version: 'a' });
      await loaded();
      expect(query()).toEqual({ version: 'a', compare: 'b' });
    });

    it('leaves the comparison with Escape first, then the drawer', async () => {
      await open('/list?version=a&compare=b');
      await answer(ROWS);
      await loaded();
      await press('Escape');
      expect(query()).toEqual({ version: 'a' });
      expect(document.activeElement?.textContent).toContain('Compare');
      await press('Escape');
      expect(query()).toEqual({});
    });
  });
});

import { type HarnessLoader, manualChangeDetection } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { provideRouter } from '@angular/router';
import type { ApiKey, Role } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { ApiKeysTab } from './api-keys-tab';

const KEYS = '/api/v1/api-keys';
const DAY_MS = 86_400_000;

const KEY: ApiKey = {
  id: 'k1',
  name: 'ci-release-gate',
  scopes: ['read', 'gate'],
  createdAt: '2020-11-24T13:00:00Z',
  createdBy: 'Åsa',
  expiresAt: '2999-02-24T13:00:00Z',
  lastUsedAt: null,
};

describe('API keys', () => {
  let fixture: ComponentFixture<ApiKeysTab>;
  let loader: HarnessLoader;
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const open = async (role: Role = 'admin') => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'me', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    fixture = TestBed.createComponent(ApiKeysTab);
    loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
    page = fixture.nativeElement;
    await settle();
  };
  const list = async (items: ApiKey[]) => {
    http
      .expectOne(({ url, method }) => url === KEYS && method === 'GET')
      .flush({ items, nextCursor: null, total: items.length });
    await settle();
  };
  /** A click that sends a request must not wait for its answer, as harnesses do. */
  const click = (text: string) =>
    manualChangeDetection(async () => {
      await (await loader.getHarness(MatButtonHarness.with({ text }))).click();
      await settle();
    });
  /** Answers what was asked. */
  const revoke = async (answer: string) => {
    page.querySelector<HTMLElement>('[aria-label="Revoke ci-release-gate"]')?.click();
    await settle();
    const dialog = await loader.getHarness(MatDialogHarness);
    const asked = await dialog.getTitleText();
    const button = await dialog.getHarness(MatButtonHarness.with({ text: answer }));
    await manualChangeDetection(async () => {
      await button.click();
      while (document.querySelector('mat-dialog-container') !== null) await settle();
    });
    return asked;
  };
  const rows = () =>
    Array.from(page.querySelectorAll('tbody tr'), (row) =>
      Array.from(row.querySelectorAll('td'), (cell) => cell.textContent?.replace(/\s+/g, ' ').trim()),
    );

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('are listed with what they may do, who made them, their end and their last use', async () => {
    await open();
    await list([KEY, { ...KEY, id: 'k2', name: 'old', expiresAt: '2020-12-24T13:00:00Z', createdBy: null }]);
    expect(rows()).toEqual([
      [
        'ci-release-gate',
        'read, gate',
        'Created by Åsa',
        '24 Nov 2020',
        'Expires 24 Feb 2999',
        'Last used Never',
        'Revoke',
      ],
      [
        'old',
        'read, gate',
        'Created by somebody unknown',
        '24 Nov 2020',
        'Expired 24 Dec 2020',
        'Last used Never',
        'Revoke',
      ],
    ]);
  });

  it('are explained where there are none', async () => {
    await open();
    await list([]);
    expect(page.textContent).toContain('No API keys yet');
  });

  it('come with commands that use them, for this server', async () => {
    await open();
    await list([]);
    const commands = Array.from(page.querySelectorAll('pre'), (pre) => pre.textContent);
    expect(commands[0]).toContain('curl -H "Authorization: Bearer $VW_API_KEY"');
    expect(commands[0]).toContain(`${location.origin}/api/v1/`);
    expect(commands[2]).toContain(`npx vw-gate --url ${location.origin}`);
  });

  it('are none of the business of those who are no Admin', async () => {
    await open('reviewer');
    http.expectNone(({ url }) => url === KEYS);
    expect(page.textContent).toContain('Only Admins can manage people and API keys');
  });

  it('are made with scopes and an end, and shown once', async () => {
    await open();
    await list([]);
    await click('Create key');
    await click('Create key');
    http.expectNone({ method: 'POST', url: KEYS });
    expect(page.textContent).toContain('Choose what the key may do.');

    await (await loader.getHarness(MatInputHarness.with({ selector: '#key-name' }))).setValue('ci');
    const boxes = Array.from(page.querySelectorAll<HTMLInputElement>('input[type=checkbox]'));
    boxes[2]?.click();
    boxes[0]?.click();
    await click('Create key');
    const asked = http.expectOne({ method: 'POST', url: KEYS });
    expect(asked.request.body).toMatchObject({ name: 'ci', scopes: ['read', 'gate'] });
    expect((Date.parse(asked.request.body.expiresAt) - Date.now()) / DAY_MS).toBeCloseTo(90, 2);
    asked.flush({ ...KEY, key: 'vw_once' });
    await settle();
    await list([KEY]);
    expect(page.querySelector('vw-shown-once code')?.textContent).toBe('vw_once');
    expect(page.querySelector('[aria-label="Copy API key"]')).not.toBeNull();
    await click('Done');
    expect(page.textContent).not.toContain('vw_once');
  });

  it('stay when somebody thinks better of revoking', async () => {
    await open();
    await list([KEY]);
    expect(await revoke('Cancel')).toBe('Revoke ci-release-gate?');
    http.expectNone(({ method }) => method === 'DELETE');
  });

  it('are revoked once that is confirmed', async () => {
    await open();
    await list([KEY]);
    await revoke('Revoke key');
    http.expectOne({ method: 'DELETE', url: `${KEYS}/k1` }).flush(null, { status: 204, statusText: 'x' });
    await settle();
    await list([]);
    expect(rows()).toEqual([]);
  });

  it('that cannot be revoked say why', async () => {
    await open();
    await list([KEY]);
    await revoke('Revoke key');
    const gone = { code: 'not-found', detail: 'There is no such key.', errors: [] };
    http.expectOne(({ method }) => method === 'DELETE').flush(gone, { status: 404, statusText: 'x' });
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('There is no such key.');
    await list([]);
  });
});

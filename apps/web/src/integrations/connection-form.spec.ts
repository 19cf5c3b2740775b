import { type HarnessLoader, manualChangeDetection } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatSlideToggleHarness } from '@angular/material/slide-toggle/testing';
import { Session } from '../shell/session';
import { eventually } from '../ui/eventually.fixture';
import { ConnectionForm } from './connection-form';
import { SAVED } from './connection.fixture';

const BASE = '/api/v1/integrations/mlflow';

const WORKS = {
  status: 'success',
  code: null,
  message: 'MLflow answered.',
  serverVersion: '3.17.2',
  latencyMs: 84,
  testedAt: '2026-11-24T13:36:10Z',
};

const problem = (code: string, errors: { field: string; message: string }[] = []) => ({
  code,
  detail: `about ${code}`,
  instance: 'req-1',
  errors,
});

describe('the configuration of the MLflow connection', () => {
  let fixture: ComponentFixture<ConnectionForm>;
  let loader: HarnessLoader;
  let http: HttpTestingController;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role: 'admin' });
    await restored;

    fixture = TestBed.createComponent(ConnectionForm);
    fixture.componentRef.setInput('connection', SAVED);
    loader = TestbedHarnessEnvironment.loader(fixture);
    TestBed.tick();
    http.expectOne(BASE).flush(SAVED);
    for (const asked of http.match(({ url }) => url.endsWith('/sync-runs')))
      asked.flush({ items: [], nextCursor: null, total: 0 });
    await fixture.whenStable();
  });

  const button = (text: string) => loader.getHarness(MatButtonHarness.with({ text: new RegExp(text) }));
  const input = (id: string) => loader.getHarness(MatInputHarness.with({ selector: `#${id}` }));
  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    await fixture.whenStable();
  };
  /** A harness waits until nothing is under way; a click that sends a request must not wait for its answer. */
  const click = (text: string) =>
    manualChangeDetection(async () => {
      await (await button(text)).click();
      await new Promise((done) => setTimeout(done));
    });
  const answer = async (request: TestRequest, body: object, status = 200) => {
    request.flush(body, { status, statusText: 'x' });
    await settle();
  };
  const test = async () => {
    await click('Test Connection');
    await answer(http.expectOne(`${BASE}/test`), WORKS);
  };

  it('keeps Save Configuration disabled until a test of exactly these values succeeds', async () => {
    const save = await button('Save Configuration');
    expect(await save.isDisabled()).toBe(true);

    await test();
    expect(await save.isDisabled()).toBe(false);

    await (await input('timeout')).setValue('60');
    expect(await save.isDisabled()).toBe(true);
  });

  it('tests and saves without an empty password, which keeps the stored one', async () => {
    await click('Test Connection');
    const request = http.expectOne(`${BASE}/test`);
    expect(request.request.body).toMatchObject({
      trackingServerUrl: 'https://mlflow.example',
      username: 'svc',
    });
    expect(request.request.body).not.toHaveProperty('password');
    await answer(request, WORKS);
  });

  it('asks for the password again when the server is another one', async () => {
    await (await input('url')).setValue('https://other.example');
    await click('Test Connection');
    http.expectNone(`${BASE}/test`);
    expect(fixture.nativeElement.textContent).toContain('Enter the password.');
  });

  it('places a complaint of the server beside its field', async () => {
    await click('Test Connection');
    const body = problem('invalid-input', [{ field: 'trackingServerUrl', message: 'No query, please.' }]);
    await answer(http.expectOne(`${BASE}/test`), body, 422);

    const field = await loader.getHarness(MatFormFieldHarness.with({ selector: ':has(#url)' }));
    expect(await field.getTextErrors()).toEqual(['No query, please.']);
  });

  it('places a complaint about saving beside its field, and one without a field above the buttons', async () => {
    await test();
    await click('Save Configuration');
    const errors = [
      { field: 'username', message: 'No colon, please.' },
      { field: 'replaceSource', message: 'Say so.' },
    ];
    await answer(http.expectOne({ method: 'PUT', url: BASE }), problem('invalid-input', errors), 422);

    const field = await loader.getHarness(MatFormFieldHarness.with({ selector: ':has(#username)' }));
    expect(await field.getTextErrors()).toEqual(['No colon, please.']);
    const alert = fixture.nativeElement.querySelector('[role=alert]');
    expect(alert.textContent).toContain('replaceSource: Say so.');
  });

  it('sends a CA certificate, asks for the secret again with it, and opens where one is wrong', async () => {
    const details: HTMLDetailsElement = fixture.nativeElement.querySelector('details');
    expect(details.open).toBe(false);
    details.open = true;
    await (await input('ca-certificate')).setValue('-----BEGIN CERTIFICATE-----');
    await click('Test Connection');
    http.expectNone(`${BASE}/test`);
    expect(fixture.nativeElement.textContent).toContain('Enter the password.');

    details.open = false;
    await (await input('mlflow-password')).setValue('secret');
    await click('Test Connection');
    const request = http.expectOne(`${BASE}/test`);
    expect(request.request.body).toMatchObject({ caCertificate: '-----BEGIN CERTIFICATE-----\n' });
    const body = problem('invalid-input', [{ field: 'caCertificate', message: 'No PEM.' }]);
    await answer(request, body, 422);
    expect(details.open).toBe(true);
    const field = await loader.getHarness(MatFormFieldHarness.with({ selector: ':has(#ca-certificate)' }));
    expect(await field.getTextErrors()).toEqual(['No PEM.']);
  });

  it('closes what is advanced under nobody who types there', async () => {
    const details: HTMLDetailsElement = fixture.nativeElement.querySelector('details');
    details.open = true;
    await settle();
    await (await input('poll')).setValue('');
    await (await input('poll')).setValue('120');
    await settle();
    expect(details.open).toBe(true);
  });

  it('shows what is advanced where something is set there', async () => {
    fixture.componentRef.setInput('connection', { ...SAVED, workspace: 'retail' });
    await settle();
    expect(fixture.nativeElement.querySelector('details').open).toBe(true);
  });

  it('warns as long as certificates are not verified', async () => {
    const warning = 'Any server can pose as this MLflow';
    expect(fixture.nativeElement.textContent).not.toContain(warning);
    await (await loader.getHarness(MatSlideToggleHarness)).uncheck();
    expect(fixture.nativeElement.textContent).toContain(warning);
    await (await loader.getHarness(MatSlideToggleHarness)).check();
    expect(fixture.nativeElement.textContent).not.toContain(warning);
  });

  it('says why nothing was saved when the server refuses the values', async () => {
    await test();
    await click('Save Configuration');
    await answer(http.expectOne({ method: 'PUT', url: BASE }), problem('mlflow-unreachable'), 422);
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain(
      'about mlflow-unreachable',
    );
  });

  it('says of saved settings how the connection is, and of others that they are not tested', async () => {
    const said = () =>
      fixture.nativeElement.querySelector('vw-test-result').textContent.replace(/\s+/g, ' ').trim();
    fixture.componentRef.setInput('connection', { ...SAVED, lastSuccessfulTestAt: '2025-01-17T13:00:00Z' });
    await settle();
    expect(said()).toMatch(/^Connected with these settings Last successful test: 17 Jan 2025/);
    await (await input('timeout')).setValue('60');
    expect(said()).toContain('Not tested.');
    await (await input('timeout')).setValue('30');
    expect(said()).toContain('Connected with these settings');
    await (await input('mlflow-password')).setValue('another');
    expect(said()).toContain('Not tested.');
    await (await input('mlflow-password')).setValue('');
    const lastError = { code: 'mlflow-unauthorized', message: 'x', at: '2026-11-24T13:00:00Z' } as const;
    fixture.componentRef.setInput('connection', { ...SAVED, status: 'action-required', lastError });
    await settle();
    expect(said()).toContain('Action required: MLflow refused these credentials');
  });

  it('says that it saves, and takes neither a test nor a second save meanwhile', async () => {
    await test();
    await click('Save Configuration');
    const saving = await button('Saving…');
    const testing = await button('Test Connection');
    expect([await saving.isDisabled(), await testing.isDisabled()]).toEqual([true, true]);
    await answer(http.expectOne({ method: 'PUT', url: BASE }), problem('mlflow-unreachable'), 422);
    expect(await (await button('Save Configuration')).isDisabled()).toBe(false);
  });

  it('replaces another server only after a person agreed, told what happens', async () => {
    await (await input('url')).setValue('https://other.example/mlflow');
    await (await input('mlflow-password')).setValue('secret');
    await (await input('workspace')).setValue('team-b');
    await test();
    await click('Save Configuration');
    const first = http.expectOne({ method: 'PUT', url: BASE });
    expect(first.request.body).not.toHaveProperty('replaceSource');
    await answer(first, problem('source-changed'), 409);

    const dialog = await TestbedHarnessEnvironment.documentRootLoader(fixture).getHarness(MatDialogHarness);
    const told = await dialog.getContentText();
    for (const text of [
      'Present server: https://mlflow.example\nNew server: https://other.example/mlflow, workspace team-b',
      'about source-changed',
      'connecting the present server again takes its versions back',
    ])
      expect(told).toContain(text);
    const agree = await dialog.getHarness(MatButtonHarness.with({ text: 'Connect this server' }));
    await manualChangeDetection(() => agree.click());

    const second = await eventually(() => http.expectOne({ method: 'PUT', url: BASE }));
    expect(second.request.body).toMatchObject({ replaceSource: true });
    second.flush(SAVED);
  });

  it('asks the same of another server than the one that was disconnected, which the answer names', async () => {
    fixture.componentRef.setInput('connection', {
      ...SAVED,
      ...{ status: 'not-configured', trackingServerUrl: null },
    });
    await settle();
    await (await input('url')).setValue('https://other.example/mlflow');
    await (await input('mlflow-password')).setValue('secret');
    await test();
    await click('Save Configuration');
    await answer(http.expectOne({ method: 'PUT', url: BASE }), problem('source-changed'), 409);
    const dialog = await TestbedHarnessEnvironment.documentRootLoader(fixture).getHarness(MatDialogHarness);
    const told = await dialog.getContentText();
    expect(told).not.toContain('Present server');
    expect(told).toContain('connecting the former server again takes its versions back');
  });
});

import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Session } from '../shell/session';
import { SAVED } from './connection.fixture';
import { WebhookSwitch } from './webhook-switch';

const BASE = '/api/v1/integrations/mlflow';

const ON = { ...SAVED, webhook: { ...SAVED.webhook, enabled: true } };

describe('the switch of registry webhooks', () => {
  let fixture: ComponentFixture<WebhookSwitch>;
  let http: HttpTestingController;

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
  };
  const toggle = (): HTMLButtonElement => fixture.nativeElement.querySelector('[role=switch]');
  const state = () => fixture.nativeElement.querySelector('[role=status]').textContent.trim();
  const put = () => http.expectOne(`${BASE}/webhook`);

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role: 'admin' });
    await restored;
    fixture = TestBed.createComponent(WebhookSwitch);
  });

  it.each([
    [SAVED, ON, 'Registering at MLflow…', 'On. Nothing delivered yet.'],
    [ON, SAVED, 'Deleting at MLflow…', ''],
  ])('says at once what MLflow agreed to (%#)', async (before, after, meanwhile, then) => {
    fixture.componentRef.setInput('connection', before);
    TestBed.tick();
    toggle().click();
    await settle();
    expect(state()).toBe(meanwhile);
    put().flush(after);
    await settle();
    expect(state()).toBe(then);
    expect(toggle().getAttribute('aria-checked')).toBe(String(after.webhook.enabled));
  });

  it('stays as it was where MLflow refuses', async () => {
    fixture.componentRef.setInput('connection', SAVED);
    TestBed.tick();
    toggle().click();
    await settle();
    const refused = {
      code: 'mlflow-forbidden',
      detail: 'Needs an administrator.',
      instance: 'r',
      errors: [],
    };
    put().flush(refused, { status: 422, statusText: 'x' });
    await settle();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain(
      'Needs an administrator.',
    );
    expect(toggle().getAttribute('aria-checked')).toBe('false');
  });
});

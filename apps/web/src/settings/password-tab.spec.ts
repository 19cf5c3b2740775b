import { type HarnessLoader, manualChangeDetection } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { PasswordTab } from './password-tab';

const URL = '/api/v1/auth/password';
const NEW = 'a short sentence works';

describe('one’s own password', () => {
  let fixture: ComponentFixture<PasswordTab>;
  let loader: HarnessLoader;
  let http: HttpTestingController;

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    await fixture.whenStable();
  };
  const input = (id: string) => loader.getHarness(MatInputHarness.with({ selector: `#${id}` }));
  const errors = async (id: string) =>
    (await loader.getHarness(MatFormFieldHarness.with({ selector: `:has(#${id})` }))).getTextErrors();
  const change = async (currentPassword: string, newPassword: string) => {
    await (await input('current-password')).setValue(currentPassword);
    await (await input('new-password')).setValue(newPassword);
    await manualChangeDetection(async () => {
      await (await loader.getHarness(MatButtonHarness.with({ text: 'Change password' }))).click();
      await new Promise((done) => setTimeout(done));
    });
  };
  const text = () => fixture.nativeElement.textContent;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(PasswordTab);
    loader = TestbedHarnessEnvironment.loader(fixture);
    await fixture.whenStable();
  });

  it('is changed, the fields are emptied, and what ends is said', async () => {
    await change('the present one', NEW);
    const request = http.expectOne({ method: 'POST', url: URL });
    expect(request.request.body).toEqual({ currentPassword: 'the present one', newPassword: NEW });
    request.flush(null, { status: 204, statusText: 'x' });
    await settle();
    expect(text()).toContain('Your password is changed. Your other sessions have ended.');
    expect(await (await input('current-password')).getValue()).toBe('');
    expect(await (await input('new-password')).getValue()).toBe('');
    expect(await errors('new-password')).toEqual([]);
  });

  it('needs 15 characters', async () => {
    await change('the present one', 'fourteen chars');
    http.expectNone(URL);
    expect(await errors('new-password')).toEqual(['Use at least 15 characters.']);
  });

  it('needs the present one, and says where it was wrong', async () => {
    await change('a guess', NEW);
    const wrong = [{ field: 'currentPassword', message: 'This is not your current password.' }];
    http
      .expectOne(URL)
      .flush({ code: 'invalid-input', detail: 'x', errors: wrong }, { status: 422, statusText: 'x' });
    await settle();
    expect(await errors('current-password')).toEqual(['This is not your current password.']);
    expect(text()).not.toContain('is changed');
  });

  it('cannot be guessed without end', async () => {
    await change('a guess', NEW);
    http
      .expectOne(URL)
      .flush(
        { code: 'rate-limited', detail: 'Too many attempts.', errors: [] },
        { status: 429, statusText: 'x' },
      );
    await settle();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain('Too many attempts.');
  });
});

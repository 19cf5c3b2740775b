import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { Session } from './session';
import { safeReturnUrl, signInAgain } from './sign-in-again';

@Component({ template: '' })
class Blank {}

const SUMMARY = '/api/v1/model-inventory/mlflow/summary';

describe('the way back after signing in', () => {
  it.each(['/model-inventory/mlflow?version=7', '/'])('returns to %s', (path) => {
    expect(safeReturnUrl(path)).toBe(path);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/choose-password',
    undefined,
  ])('does not leave the site for %s', (path) => {
    expect(safeReturnUrl(path)).toBe('/');
  });
});

describe('a session that ended while the page was open', () => {
  it('leads to sign-in, and remembers the page that was open', async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([signInAgain])),
        provideHttpClientTesting(),
        provideRouter([{ path: '**', component: Blank }]),
      ],
    });
    const http = TestBed.inject(HttpTestingController);
    const router = TestBed.inject(Router);
    await (await RouterTestingHarness.create()).navigateByUrl('/model-inventory/mlflow?stage=Staging');
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role: 'viewer' });
    await restored;

    TestBed.inject(HttpClient)
      .get(SUMMARY)
      .subscribe({ error: () => undefined });
    http.expectOne(SUMMARY).flush(null, { status: 401, statusText: 'Unauthorized' });
    await new Promise((done) => setTimeout(done));

    expect(router.parseUrl(router.url).queryParams['return']).toBe('/model-inventory/mlflow?stage=Staging');
    expect(TestBed.inject(Session).me()).toBeNull();
  });
});

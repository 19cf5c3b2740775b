import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { SUMMARY } from '../governance/governance.fixture';
import { OPEN_EVENT_SOURCE } from './live-events';
import { Session } from './session';
import { Shell } from './shell';

describe('the navigation', () => {
  beforeEach(() => {
    Object.assign(globalThis, {
      matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
    });
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: OPEN_EVENT_SOURCE, useValue: () => ({ close: () => undefined }) },
      ],
    });
  });

  it.each([
    ['admin', ['/integrations', '/model-inventory/mlflow', '/audit', '/settings']],
    ['auditor', ['/integrations', '/model-inventory/mlflow', '/audit', '/settings']],
    ['reviewer', ['/integrations', '/model-inventory/mlflow', '/settings']],
    ['viewer', ['/model-inventory/mlflow', '/settings']],
  ])('leads an %s to what they may open', async (role, paths) => {
    const restored = TestBed.inject(Session).restore();
    const http = TestBed.inject(HttpTestingController);
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const fixture = TestBed.createComponent(Shell);
    fixture.detectChanges();
    const links: HTMLElement[] = Array.from(fixture.nativeElement.querySelectorAll('.nav a.item'));
    const known = ['/integrations', '/model-inventory/mlflow', '/audit', '/settings'];
    expect(
      links.map((link) => link.getAttribute('href')).filter((path) => known.includes(path ?? '')),
    ).toEqual(paths);
    fixture.destroy();
  });

  it.each([
    [{ ...SUMMARY, waiversWaiting: 3 }, '7', '4 gaps, 3 waivers waiting'],
    [{ ...SUMMARY, waiversWaiting: 0 }, '4', '4 gaps'],
    [{ ...SUMMARY, requirements: [], waiversWaiting: 1 }, '1', '1 waiver waiting'],
    [{ ...SUMMARY, requirements: [], waiversWaiting: 6_014 }, '6K', '6,014 waivers waiting'],
    [{ ...SUMMARY, requirements: [], waiversWaiting: 0 }, undefined, undefined],
  ])(
    'counts on Governance gaps what waits for a Reviewer, and says what it is (%#)',
    async (summary, count, name) => {
      const restored = TestBed.inject(Session).restore();
      const http = TestBed.inject(HttpTestingController);
      http
        .expectOne('/api/v1/auth/me')
        .flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role: 'reviewer' });
      await restored;
      const fixture = TestBed.createComponent(Shell);
      fixture.detectChanges();
      TestBed.tick();
      http.expectOne('/api/v1/governance/summary').flush(summary);
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
      const badge = fixture.nativeElement.querySelector('.mark.gaps');
      expect(badge?.querySelector('[aria-hidden]')?.textContent).toBe(count);
      expect(badge?.querySelector('.visually-hidden')?.textContent).toBe(name);
      fixture.destroy();
    },
  );
});

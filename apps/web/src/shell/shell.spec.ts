import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
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
});

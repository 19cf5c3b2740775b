import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { toFirstSetting } from '../shell/guards';
import { Session } from '../shell/session';
import { PasswordTab } from './password-tab';
import { SettingsPage } from './settings-page';

describe('the settings', () => {
  it.each([
    ['admin', ['People', 'API keys', 'Password'], '/settings/people'],
    ['auditor', ['Password'], '/settings/password'],
    ['viewer', ['Password'], '/settings/password'],
  ] as const)('open for an %s with %j at %s', async (role, tabs, path) => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([
          {
            path: 'settings',
            component: SettingsPage,
            children: [
              { path: '', pathMatch: 'full', canActivate: [toFirstSetting], children: [] },
              { path: '**', component: PasswordTab },
            ],
          },
        ]),
      ],
    });
    const restored = TestBed.inject(Session).restore();
    TestBed.inject(HttpTestingController).expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', role });
    await restored;
    const harness = await RouterTestingHarness.create('/settings');
    const links = Array.from(harness.fixture.nativeElement.querySelectorAll('nav a')) as HTMLElement[];
    expect(links.map((link) => link.textContent)).toEqual(tabs);
    expect(links[0]?.getAttribute('aria-current')).toBe('page');
    expect(TestBed.inject(Router).url).toBe(path);
  });
});

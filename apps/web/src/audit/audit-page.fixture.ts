import { provideHttpClient } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { type Params, provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { AuditEvent, Role } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { AuditPage } from './audit-page';

export const PERSON = '018f0000-0000-7000-8000-000000000001';
export const RUN = '018f0000-0000-7000-8000-0000000000aa';
export const HASH = 'b21a6f04'.repeat(8);

export const event = (seq: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  seq,
  at: '2026-11-24T13:36:10.000Z',
  actor: { id: PERSON, name: 'Åsa Lindqvist', via: 'session' },
  action: 'session.started',
  subject: { type: 'user', id: PERSON, name: 'Åsa Lindqvist' },
  before: null,
  after: null,
  runId: null,
  hash: HASH,
  ...more,
});
export const REFUSED = event(4, {
  actor: { id: null, name: null, via: 'session' },
  action: 'session.refused',
  after: { reason: 'wrong-password', attempts: 2 },
});
export const SAVED = event(3, {
  action: 'entry.changed',
  subject: { type: 'inventory-entry', id: RUN, name: 'credit-risk-pd' },
  before: { owner: null },
  after: { owner: 'Åsa' },
  runId: RUN,
});
export const LIST = { items: [REFUSED, SAVED], nextCursor: null, total: 4 };
export const FAILED = { code: 'internal', detail: 'It failed.', instance: 'req-1', errors: [] };

/** The page of the trail in a browser, and the server's half of its requests. */
export class TrailPage {
  readonly http = TestBed.inject(HttpTestingController);
  page: HTMLElement = document.body;

  static create(): TrailPage {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([
          { path: 'audit', component: AuditPage },
          { path: '**', component: AuditPage },
        ]),
      ],
    });
    return new TrailPage();
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  }

  async open(path: string, role: Role = 'auditor'): Promise<void> {
    const restored = TestBed.inject(Session).restore();
    this.http.expectOne('/api/v1/auth/me').flush({ id: PERSON, name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const harness = await RouterTestingHarness.create();
    await harness.navigateByUrl(path, AuditPage);
    await this.settle();
    this.page = harness.fixture.nativeElement;
  }

  async navigate(path: string): Promise<void> {
    await TestBed.inject(Router).navigateByUrl(path);
    await this.settle();
  }

  /** The request for a page of events. */
  list(): TestRequest {
    return this.http.expectOne(({ url, params }) => url.endsWith('/events') && params.get('limit') === '25');
  }

  async answer(body: object, status = 200): Promise<void> {
    this.list().flush(body, { status, statusText: 'x' });
    await this.settle();
  }

  text(selector = '.page'): string {
    return this.page.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  }

  button(name: string): HTMLButtonElement | undefined {
    return Array.from(this.page.querySelectorAll('button')).find((one) =>
      (one.ariaLabel ?? one.textContent ?? '').includes(name),
    );
  }

  async click(name: string): Promise<void> {
    this.button(name)?.click();
    await this.settle();
  }

  query(): Params {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  }
}

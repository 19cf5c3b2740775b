import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from './sync-history';
import { RUN } from './sync-run.fixture';

describe('the history of syncs', () => {
  let fixture: ComponentFixture<SyncHistory>;
  let http: HttpTestingController;

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
  };
  const text = () => fixture.nativeElement.querySelector('section').textContent.replace(/\s+/g, ' ');
  const choose = async (trigger: string) => {
    const select: HTMLSelectElement = fixture.nativeElement.querySelector('select');
    select.value = trigger;
    select.dispatchEvent(new Event('change'));
    await settle();
  };
  const answer = async (trigger: string, items: SyncRun[]) => {
    http
      .expectOne(({ params }) => params.get('trigger') === trigger && !params.has('cursor'))
      .flush({ items, nextCursor: null, total: items.length });
    await settle();
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(SyncHistory);
    fixture.componentRef.setInput('recent', { items: [RUN], nextCursor: null, total: 1 });
    fixture.componentRef.setInput('whole', [RUN]);
    TestBed.tick();
  });

  it('writes large counts with separators', () => {
    const counts = { created: 100_000, updated: 2_000, unchanged: 1_234_567, removed: 1_000 };
    fixture.componentRef.setInput('recent', { items: [{ ...RUN, counts }], nextCursor: null, total: 1 });
    TestBed.tick();
    const cells: Element[] = [...fixture.nativeElement.querySelectorAll('tr.run td.count')];
    expect(cells.map((cell) => cell.textContent.trim())).toEqual([
      '+100,000',
      '2,000',
      '1,234,567',
      '−1,000',
    ]);
    expect(text()).toContain('100,000 created, 2,000 updated, 1,000 removed');
  });

  it('says that there is no such sync once it knows, not while it asks', async () => {
    await choose('poll');
    expect(text()).not.toContain('No such sync has run yet.');
    await answer('poll', []);
    expect(text()).toContain('No such sync has run yet.');
  });

  it('shows no syncs of other triggers while it asks for some', async () => {
    await choose('poll');
    await answer('poll', [{ ...RUN, trigger: 'poll', status: 'failed' }]);
    await choose('webhook');
    expect(fixture.nativeElement.querySelectorAll('tr.run')).toHaveLength(0);
    await answer('webhook', [{ ...RUN, trigger: 'webhook' }]);
    expect(fixture.nativeElement.querySelector('tr.run').textContent).toContain('Webhook');
  });
});

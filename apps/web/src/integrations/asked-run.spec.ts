import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { AskedRun } from './asked-run';
import { RUN } from './sync-run.fixture';

describe('the sync that a link asks for', () => {
  let fixture: ComponentFixture<AskedRun>;
  let http: HttpTestingController;

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
  };
  const text = () => fixture.nativeElement.textContent.replace(/\s+/g, ' ');
  const answer = async (body: object, status = 200) => {
    http.expectOne('/api/v1/integrations/mlflow/sync-runs/r1').flush(body, { status, statusText: 'x' });
    await settle();
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(AskedRun);
    fixture.componentRef.setInput('id', 'r1');
    TestBed.tick();
  });

  it('shows its result and what it changed', async () => {
    await answer(RUN);
    http
      .expectOne(({ url }) => url.endsWith('/sync-runs/r1/changes'))
      .flush({
        items: [
          {
            versionId: 'v1',
            modelName: 'credit-risk-pd',
            version: '7',
            field: 'stage',
            old: 'Staging',
            new: 'Production',
            runId: 'r1',
            observedAt: '2026-11-24T13:00:02Z',
          },
        ],
        nextCursor: null,
        total: 1,
      });
    await settle();
    expect(text()).toContain('manual, succeeded');
    expect(text()).toContain('credit-risk-pd');
    expect(text()).toContain('1 change from 7 requests to MLflow');
  });

  it('says that there is no such sync', async () => {
    await answer({ code: 'not-found', detail: 'x', errors: [] }, 404);
    expect(text()).toContain('There is no such sync.');
    expect(text()).not.toContain('Try again');
  });
});

import { TestBed } from '@angular/core/testing';
import type { InventorySummary } from '@vw/shared-contracts';
import { FreshnessBanner } from './freshness-banner';

const MINUTE_MS = 60_000;
/** Half a minute more, so that the clock may tick while the test runs. */
const ago = (minutes: number) => new Date(Date.now() - (minutes + 0.5) * MINUTE_MS).toISOString();

const summaryOf = (differences: Partial<InventorySummary>): InventorySummary => ({
  models: 1,
  active: 1,
  staging: 0,
  experiments: 1,
  stages: { None: 0, Staging: 0, Production: 1, Archived: 0 },
  lastSyncedAt: ago(37),
  configured: true,
  stale: false,
  lastSync: { status: 'succeeded', finishedAt: ago(37) },
  ...differences,
});

const failed = (status: 'failed' | 'partial') => ({ lastSync: { status, finishedAt: ago(1) } });

describe('the banner that says how true the inventory is', () => {
  const render = async (differences: Partial<InventorySummary>, canSync = true) => {
    const fixture = TestBed.createComponent(FreshnessBanner);
    fixture.componentRef.setInput('summary', summaryOf(differences));
    fixture.componentRef.setInput('upcomingSyncAt', null);
    fixture.componentRef.setInput('canSync', canSync);
    let asked = 0;
    fixture.componentInstance.sync.subscribe(() => (asked += 1));
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    return {
      text: page.textContent?.replace(/\s+/g, ' ') ?? '',
      warns: page.querySelector('vw-banner.warning') !== null,
      button: page.querySelector('button'),
      asked: () => asked,
    };
  };

  it('is calm and says since when, for data of the last two hours', async () => {
    const { text, warns } = await render({});
    expect(text).toMatch(/Up to date with MLflow as of \d\d:\d\d 37 minutes ago\./);
    expect(warns).toBe(false);
  });

  it('warns of older data even where no sync failed', async () => {
    const { text, warns } = await render({ lastSyncedAt: ago(185) });
    expect(text).toContain('Data is 3 hours old. No sync has read MLflow whole since.');
    expect(warns).toBe(true);
  });

  it('warns of young data too where the server holds them for stale', async () => {
    expect((await render({ stale: true })).warns).toBe(true);
  });

  it('warns after a failed sync, however young the data', async () => {
    const { text, warns } = await render(failed('failed'));
    expect(text).toContain('Data is 37 minutes old. Last sync failed. Nothing was removed.');
    expect(warns).toBe(true);
  });

  it('says after a partial sync that versions were not seen and that none was removed', async () => {
    const { text, warns } = await render(failed('partial'));
    expect(text).toContain('Some versions were not seen. Nothing was removed.');
    expect(warns).toBe(true);
  });

  it.each([ago(5), null])('says that MLflow is disconnected, last read at %s', async (lastSyncedAt) => {
    const { text, warns } = await render({ configured: false, stale: true, lastSyncedAt });
    expect(text).toContain('MLflow is disconnected. What was synced stays, and changes no more.');
    expect(warns).toBe(true);
  });

  it('claims no age for a registry that was never read whole', async () => {
    const { text, warns } = await render({ lastSyncedAt: null, lastSync: null });
    expect(text).toContain('MLflow has not been read whole yet. What is shown may be incomplete.');
    expect(warns).toBe(true);
  });

  it.each<[string, Partial<InventorySummary>]>([
    ['fresh', {}],
    ['stale', failed('failed')],
  ])('asks for a sync of %s data when Re-run Sync is pressed', async (_, differences) => {
    const { button, asked } = await render(differences);
    expect(button?.textContent).toBe('Re-run Sync');
    button?.click();
    expect(asked()).toBe(1);
  });

  it('offers no sync to those who may not ask for one', async () => {
    const { text, button } = await render({}, false);
    expect(button).toBeNull();
    expect(text).toMatch(/Refresh re-reads VerifyWise\. *$/);
  });
});

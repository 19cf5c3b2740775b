import { MatButtonHarness } from '@angular/material/button/testing';
import { DETAIL, DrawerPage, VERSIONS } from './version-drawer.fixture';

describe('the details of a version', () => {
  beforeEach(() => {
    DrawerPage.prepare();
  });

  it('shows a version as of an instant, and says so', async () => {
    const drawer = await DrawerPage.open({}, { asOf: '2026-11-18T13:00:00.000Z' });
    const at = new Date('2026-11-18T13:00:00Z');
    const hour = String(at.getHours()).padStart(2, '0');
    expect(drawer.page.querySelector('vw-as-of-bar')?.textContent).toContain(
      `As of ${String(at.getDate())} Nov 2026, ${hour}:00`,
    );
    expect(drawer.page.querySelector('vw-sparkline')).toBeNull();
    expect(drawer.section('Metrics')).toContain('0.871');
    await (await drawer.loader.getHarness(MatButtonHarness.with({ text: 'Back to now' }))).click();
    expect(drawer.told).toEqual([['asOf', null]]);
  });

  it('asks for the detail as of the instant', async () => {
    const drawer = DrawerPage.create({ asOf: '2026-11-18T13:00:00.000Z' });
    const { request } = drawer.http.expectOne(({ url }) => url === `${VERSIONS}/v1`);
    expect(request.params.get('asOf')).toBe('2026-11-18T13:00:00.000Z');
  });

  it('takes only an instant that has been', async () => {
    const drawer = await DrawerPage.open();
    await (await drawer.loader.getHarness(MatButtonHarness.with({ text: /As of/ }))).click();
    const field = drawer.page.querySelector<HTMLInputElement>('vw-as-of-bar input');
    const show = async (value: string) => {
      if (field) field.value = value;
      await (await drawer.loader.getHarness(MatButtonHarness.with({ text: 'Show' }))).click();
    };
    await show('2999-01-01T00:00');
    await show('');
    expect(drawer.told).toEqual([]);
    expect(drawer.page.querySelector('[role=alert]')?.textContent).toContain(
      'Choose a day and a time that have been.',
    );
    await show('2026-01-02T03:04');
    expect(drawer.told).toEqual([['asOf', new Date('2026-01-02T03:04').toISOString()]]);
  });

  it('gives the focus to As of… where it was in what is gone', async () => {
    const drawer = await DrawerPage.open();
    document.body.append(drawer.page);
    await (await drawer.loader.getHarness(MatButtonHarness.with({ text: /As of/ }))).click();
    const cancel = await drawer.loader.getHarness(MatButtonHarness.with({ text: 'Cancel' }));
    await cancel.focus();
    await cancel.click();
    expect(drawer.page.querySelector('vw-as-of-bar')).toBeNull();
    expect(document.activeElement?.textContent?.trim()).toBe('As of…');
  });

  it.each([
    [{ removalHeld: false }, /^Known from the scheduled sync that ended 18 Nov 2026, \d\d:\d\d:00\.$/],
    [{ removalHeld: true }, /\. It did not see this version; its removal was held back\.$/],
  ])('says from which sync that is known: %j', async (known, words) => {
    const drawer = await DrawerPage.open(
      { knownFrom: { ...DETAIL.knownFrom, ...known } },
      { asOf: '2026-11-18T13:00:00.000Z' },
    );
    const told = drawer.page.querySelector('vw-known-from')?.textContent?.replace(/\s+/g, ' ').trim();
    expect(told).toMatch(words);
    // Nobody is signed in here, and a Viewer may not see syncs.
    expect(drawer.page.querySelector('vw-known-from a')).toBeNull();
  });

  it('says that no sync had read MLflow whole by then', async () => {
    const drawer = await DrawerPage.open({ knownFrom: null }, { asOf: '2026-11-18T13:00:00.000Z' });
    expect(drawer.page.querySelector('vw-known-from')?.textContent).toContain(
      'No sync had read MLflow whole',
    );
  });

  describe('before it was first seen', () => {
    const missing = { code: 'not-found', detail: 'Not found.' };
    const asked = ({ http }: DrawerPage) => http.expectOne(({ url }) => url === `${VERSIONS}/v1`);

    it('says when that was, and leads there and back to now', async () => {
      const drawer = DrawerPage.create({ asOf: '2020-01-01T00:00:00Z' });
      asked(drawer).flush(missing, { status: 404, statusText: 'x' });
      await drawer.settle();
      expect(drawer.page.querySelector('[role=alert]')).toBeNull();
      asked(drawer).flush(DETAIL);
      await drawer.settle();
      const told = drawer.page.querySelector('vw-empty-state');
      expect(told?.textContent).toMatch(/Not known yet at that time\s+First seen on\s+18 Nov 2026, /);
      expect(drawer.page.querySelector('[role=alert]')).toBeNull();
      const buttons = [...(told?.querySelectorAll('button') ?? [])];
      expect(buttons.map(({ textContent }) => textContent.trim())).toEqual([
        'Show when first seen',
        'Back to now',
      ]);
      document.body.append(drawer.page);
      for (const each of buttons) {
        each.click();
        expect(document.activeElement?.textContent?.trim()).toBe('As of…');
        each.focus();
      }
      expect(drawer.told).toEqual([
        ['asOf', '2026-11-18T12:00:00.000Z'],
        ['asOf', null],
      ]);
    });

    it('asks again for both where the version of today could not be loaded', async () => {
      const drawer = DrawerPage.create({ asOf: '2020-01-01T00:00:00Z' });
      asked(drawer).flush(missing, { status: 404, statusText: 'x' });
      await drawer.settle();
      asked(drawer).flush({ code: 'unavailable', detail: 'Later.' }, { status: 503, statusText: 'x' });
      await drawer.settle();
      drawer.page.querySelector<HTMLButtonElement>('vw-load-failed button')?.click();
      await drawer.settle();
      for (const request of drawer.http.match(({ url }) => url === `${VERSIONS}/v1`)) {
        if (request.request.params.has('asOf')) request.flush(missing, { status: 404, statusText: 'x' });
        else request.flush(DETAIL);
      }
      await drawer.settle();
      expect(drawer.page.querySelector('vw-empty-state')?.textContent).toContain(
        'Not known yet at that time',
      );
    });

    it('is a failure where there is no such version today either', async () => {
      const drawer = DrawerPage.create({ asOf: '2020-01-01T00:00:00Z' });
      for (let time = 0; time < 2; time += 1) {
        asked(drawer).flush(missing, { status: 404, statusText: 'x' });
        await drawer.settle();
      }
      expect(drawer.page.querySelector('[role=alert]')?.textContent).toContain(
        'This version could not be loaded',
      );
    });
  });
});

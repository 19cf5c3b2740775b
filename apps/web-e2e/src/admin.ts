import { AxeBuilder } from '@axe-core/playwright';
import type { Connection, ConnectionInput, SyncRun } from '@vw/shared-contracts';
import type { Locator, Page } from 'playwright-core';
import { startBrowser, type Browser } from '../../../tools/browser.ts';

export const PERSON = {
  organizationName: 'Norrfjärd Bank',
  name: 'Åsa Lindqvist',
  email: 'asa@norrfjard.example',
  password: 'a passphrase of some length',
} as const;

/** A busy machine takes this long for what a quiet one does in a second. In milliseconds. */
const PATIENCE_MS = 60_000;
/** Skeletons show after 200 ms. In milliseconds. */
const SLOW_ANSWER_MS = 700;
/** What a reader notices as a jump; anti-aliasing alone moves less. */
const NOTICED_SHIFT = 0.01;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** The Admin of one organization, at a browser. */
export class Admin {
  /** What the page's own content security policy refused. */
  readonly refusals: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  /** At an empty browser, signed in nowhere. */
  static async arrive(origin: string): Promise<Admin> {
    const browser = await startBrowser();
    const page = await browser.context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const admin = new Admin(page, browser, origin);
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text()))
        admin.refusals.push(message.text());
    });
    await page.addInitScript(recordLayoutShifts);
    return admin;
  }

  /** Creates the organization as the set-up page does. */
  async signUp(): Promise<void> {
    await this.send('POST', 'setup', PERSON);
  }

  /** Saves settings as the form does: the test and a first sync are part of it. */
  async connect(input: Pick<ConnectionInput, 'trackingServerUrl'> & Partial<ConnectionInput>): Promise<void> {
    await this.send('PUT', 'integrations/mlflow', { authMethod: 'none', pollSeconds: 0, ...input });
  }

  async send(method: string, path: string, data?: object): Promise<void> {
    const answer = await this.page.request.fetch(`${this.origin}/api/v1/${path}`, {
      method,
      headers: { 'sec-fetch-site': 'same-origin' },
      ...(data === undefined ? {} : { data }),
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  }

  async read<Answer>(path: string): Promise<Answer> {
    return (await this.page.request.get(`${this.origin}/api/v1/${path}`)).json();
  }

  connection(): Promise<Connection> {
    return this.read<Connection>('integrations/mlflow');
  }

  /** The newest sync, once it has ended. */
  async ended(): Promise<SyncRun> {
    let newest: SyncRun | undefined;
    await eventually(async () => {
      const { items } = await this.read<{ items: SyncRun[] }>('integrations/mlflow/sync-runs?limit=1');
      newest = items[0];
      expect(newest?.finishedAt).toEqual(expect.any(String));
    });
    if (newest === undefined) throw new Error('no sync has ended');
    return newest;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.origin}${path}`);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** What lies above a box may move between the press and the release of the mouse, which is then no click on it. */
  async tick(box: Locator, isTicked = true): Promise<void> {
    await eventually(() => box.setChecked(isTicked));
  }

  /** No rule of WCAG 2.2 AA is broken by what is shown now, in the light theme or the dark one. */
  async expectAccessible(): Promise<void> {
    const broken: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      // A message that fades while it is looked at is pale for that moment: what is broken is so at a second look too.
      const first = await this.violations();
      const found = first.length > 0 ? await this.violations() : first;
      broken.push(...found.map((one) => `${colorScheme} ${one}`));
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    expect(broken).toEqual([]);
  }

  private async violations(): Promise<string[]> {
    await this.page.waitForFunction(isAtRest);
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(RULES).analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** Nothing jumps under the reader's eyes while the data come slowly, so that what stands for them is seen first. */
  async expectSteady(path: string, data: Locator): Promise<void> {
    await this.page.route('**/api/v1/**', async (route) => {
      await new Promise((done) => setTimeout(done, SLOW_ANSWER_MS));
      await route.continue();
    });
    await this.open(path);
    await data.waitFor();
    await this.page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
    await this.page.unrouteAll({ behavior: 'ignoreErrors' });
    const shifts = await this.page.evaluate<[number, string][]>('window.layoutShifts');
    expect(shifts.filter(([value]) => value > NOTICED_SHIFT)).toEqual([]);
  }

  /** What this document, its scripts and its styles took on the way here, headers included. In bytes. */
  async transferred(): Promise<number> {
    await this.page.waitForLoadState('networkidle');
    return this.page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ entryType, name }) => entryType === 'navigation' || /\.(js|css)$/.test(name))
        .reduce((sum, entry) => sum + Reflect.get(entry, 'transferSize'), 0),
    );
  }

  async leave(): Promise<void> {
    await this.browser.close();
  }
}

/** Retries the assertion until it holds. */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    try {
      return await assertion();
    } catch (error) {
      // Not yet, as far as can be told before the deadline.
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** Runs in the page. What fades in has no contrast yet; what turns without end never comes to rest. */
function isAtRest(): boolean {
  return document
    .getAnimations()
    .every(
      ({ effect, playState }) =>
        playState !== 'running' || effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY,
    );
}

/** Runs in the page, before anything else does. */
function recordLayoutShifts(): void {
  const shifts: [number, string][] = [];
  Object.assign(window, { layoutShifts: shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const sources: { node: Element | null }[] = Reflect.get(entry, 'sources');
      const moved = sources.map(({ node }) => node?.nodeName ?? '').join(', ');
      shifts.push([Reflect.get(entry, 'value'), moved]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

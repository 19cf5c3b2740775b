import type { Fault, TestMlflow } from '@vw/testing';
import { eventually } from './admin';
import { TIME_ZONE } from '../../../tools/browser.ts';
import { describeChapter } from './chapter';

const CARDS = [
  'Connection status',
  'Last error',
  'Last successful test',
  'Last scheduled sync',
  'Upcoming sync',
] as const;
const REQUEST_TIMEOUT_SECONDS = 3;

/** What happens upstream, by which button it is found out, and what the cards then say. */
interface Cause {
  name: string;
  fault: Fault;
  button: 'Test Connection' | 'Re-run Sync';
  status: 'Action required' | 'Error';
  short: string;
  code: string;
}

const FOUND_BY_A_TEST: Cause[] = [
  {
    name: 'a connection that is cut',
    fault: { kind: 'reset' },
    button: 'Test Connection',
    status: 'Error',
    short: 'Not reachable',
    code: 'mlflow-unreachable',
  },
  {
    name: 'an answer that is too late',
    fault: { kind: 'delay', ms: REQUEST_TIMEOUT_SECONDS * 2_000 },
    button: 'Test Connection',
    status: 'Error',
    short: 'Timed out',
    code: 'mlflow-timeout',
  },
  {
    name: 'an error of the server (5xx)',
    fault: { kind: 'status', status: 500 },
    button: 'Test Connection',
    status: 'Error',
    short: 'Server error',
    code: 'mlflow-server-error',
  },
];

const FOUND_BY_A_SYNC: Cause[] = [
  {
    name: 'credentials that are refused (401)',
    fault: { kind: 'status', status: 401 },
    button: 'Re-run Sync',
    status: 'Action required',
    short: 'Credentials refused',
    code: 'mlflow-unauthorized',
  },
  {
    name: 'an account that may not read (403)',
    fault: { kind: 'status', status: 403 },
    button: 'Re-run Sync',
    status: 'Action required',
    short: 'Not permitted',
    code: 'mlflow-forbidden',
  },
];

async function oneModel({ api }: TestMlflow): Promise<void> {
  await api.createModel('credit-risk-pd');
  await api.createVersion('credit-risk-pd');
}

describeChapter('the status cards', { registry: oneModel }, (chapter) => {
  const says = async (card: (typeof CARDS)[number], text: string): Promise<void> =>
    chapter.admin.region(card).filter({ hasText: text }).waitFor();
  const click = (name: string): Promise<void> => chapter.admin.button(name).first().click();

  const showsCause = async ({ fault, button, status, short, code }: Cause): Promise<void> => {
    const { admin, proxy } = chapter;
    proxy.reset();
    proxy.on({ match: '', fault });
    await click(button);
    await says('Last error', code);
    await says('Last error', short);
    await says('Connection status', status);
    await admin.page.getByRole('alert').filter({ hasText: code }).getByText('What to do').waitFor();
    expect((await admin.connection()).lastError).toMatchObject({ code });
  };
  const showsNoError = async (): Promise<void> => {
    await says('Last error', 'None');
    await says('Connection status', 'Connected');
    expect(await chapter.admin.page.getByRole('alert').count()).toBe(0);
    expect(await chapter.admin.connection()).toMatchObject({ status: 'connected', lastError: null });
  };

  it('are five, in the order of the guide, and say Connected after a first sync', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({
      trackingServerUrl: proxy.url,
      requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    });
    await admin.ended();
    await admin.open('/integrations/mlflow');
    await says('Last scheduled sync', 'Succeeded, 1 created');
    await admin.page.getByRole('region', { name: 'Sync history' }).waitFor();
    expect(await admin.page.getByRole('region').getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      ...CARDS,
      'Sync history',
    ]);
    await showsNoError();
    await admin.expectAccessible();
  });

  it('come without a jump of the page', async () => {
    await chapter.admin.expectSteady(
      '/integrations/mlflow',
      chapter.admin.page.getByRole('row').filter({ hasText: 'Succeeded' }).first(),
    );
  });

  it.each(FOUND_BY_A_TEST)('say $status, and why, after $name', async (cause) => {
    await showsCause(cause);
  });

  it('clear the last error by themselves after a successful test', async () => {
    await chapter.admin.expectAccessible();
    chapter.proxy.reset();
    await click('Test Connection');
    await showsNoError();
    await says('Last successful test', 'just now');
  });

  it.each(FOUND_BY_A_SYNC)('say $status, and why, after $name', async (cause) => {
    await showsCause(cause);
    await says('Last scheduled sync', 'Failed');
  });

  it('clear the last error by themselves after a successful sync', async () => {
    await chapter.admin.expectAccessible();
    chapter.proxy.reset();
    await click('Re-run Sync');
    await showsNoError();
    await says('Last scheduled sync', 'Succeeded, no changes');
  });

  it('say Action required, and why, after the key of the stored credential was lost', async () => {
    const { admin, proxy, stack } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url, authMethod: 'token', apiToken: 'tok-5d1e' });
    await admin.ended();
    await stack.asSuperuser(`UPDATE credential SET kid = 'lost'`);
    await click('Test Connection');
    await says('Last error', 'credential-unreadable');
    await says('Last error', 'Credentials locked');
    await says('Connection status', 'Action required');
    const steps = admin.page.getByRole('alert').getByRole('listitem');
    expect(await steps.first().innerText()).toContain('Enter the credentials again');
  });

  it('show instants in local time, with UTC on hover, as the API tells them', async () => {
    const { admin } = chapter;
    const { lastSuccessfulTestAt, lastScheduledSyncAt, upcomingSyncAt } = await admin.connection();
    for (const [card, at] of [
      ['Last successful test', lastSuccessfulTestAt],
      ['Last scheduled sync', lastScheduledSyncAt],
      ['Upcoming sync', upcomingSyncAt],
    ] as const) {
      const instant = admin.region(card).locator('time');
      expect(await instant.getAttribute('datetime')).toBe(at);
      expect(await instant.getAttribute('title')).toBe(`${at?.slice(0, 19).replace('T', ' ')} UTC`);
      expect(await instant.innerText()).toContain(localTime(at ?? ''));
    }
  });

  it('follow what happens elsewhere without a reload', async () => {
    const { admin } = chapter;
    const { lastScheduledSyncAt: before } = await admin.connection();
    await admin.connect({ trackingServerUrl: chapter.proxy.url });
    await showsNoError();
    await admin.ended();
    await eventually(async () => {
      const shown = await admin.region('Last scheduled sync').locator('time').getAttribute('datetime');
      expect(shown).toBe((await admin.connection()).lastScheduledSyncAt);
      expect(shown).not.toBe(before);
    });
  });
});

function localTime(at: string): string {
  const zone = { timeZone: TIME_ZONE, hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', zone).format(new Date(at));
}

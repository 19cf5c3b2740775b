import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dumpDatabase, type TestMlflow } from '@vw/testing';
import { eventually, PERSON } from './admin';
import { describeChapter } from './chapter';
import { runCommand } from './files';
import { Keys } from './keys';
import { join, REVIEWER, signInAs, signInAsAdmin } from './people';

const MODEL = 'credit-risk-pd';
const VIEWER = { name: 'Ville Korhonen', email: 'ville@norrfjard.example' };
const OWN_PASSWORD = 'a sentence that only Ville knows';
const GUIDE = resolve(import.meta.dirname, '../../../docs/guide/pipelines.md');

async function onlyStaging({ api }: TestMlflow): Promise<void> {
  await api.createModel(MODEL, { description: 'Probability of default.' });
  await api.createVersion(MODEL);
  await api.setStage(MODEL, '1', 'Staging');
}

describeChapter('people, keys and pipelines', { registry: onlyStaging }, (chapter) => {
  const page = () => chapter.admin.page;
  const row = (name: string) => page().getByRole('row').filter({ hasText: name });
  const secret = () => page().locator('vw-shown-once code').first();
  const items = (): Promise<string[]> =>
    page().getByRole('navigation', { name: 'Main' }).getByRole('link').locator('.label').allInnerTexts();
  const makeKey = async (name: string, scopes: string[]): Promise<string> => {
    await chapter.admin.open('/settings/api-keys');
    await chapter.admin.button('Create key').click();
    await page().getByLabel('Name', { exact: true }).fill(name);
    for (const scope of ['read', 'sync', 'gate']) {
      const box = page().getByRole('checkbox', { name: new RegExp(`^${scope} `) });
      await chapter.admin.tick(box, scopes.includes(scope));
    }
    await chapter.admin.button('Create key').click();
    await chapter.admin.sees(`API key ${name}`);
    return secret().innerText();
  };
  const statusOf = async (key: string, path: string, method = 'GET'): Promise<number> =>
    (
      await fetch(`${chapter.stack.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${key}` },
      })
    ).status;
  const gate = (key: string, args: string[]) =>
    runCommand(process.execPath, ['apps/vw-gate/src/vw-gate.mjs', ...args], { VW_API_KEY: key });
  const question = (version: string): string[] => [
    ...['--model', MODEL, '--version', version],
    ...['--target', 'Production', '--url', chapter.stack.url],
  ];
  let oneTimePassword = '';
  let pipelineKey = '';

  it('invites a person with a one-time password, which is shown this once', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.open('/settings/people');
    await row(PERSON.email).waitFor();
    await admin.expectAccessible();
    await admin.button('Invite person').click();
    await page().getByLabel('Name', { exact: true }).fill(VIEWER.name);
    await page().getByLabel('Work email').fill('not an address');
    await admin.button('Invite').click();
    await page().locator('mat-error').first().waitFor();
    await admin.expectAccessible();
    await page().getByLabel('Work email').fill(VIEWER.email);
    await page().getByLabel('Role', { exact: true }).selectOption('viewer');
    await admin.button('Invite').click();
    await admin.sees(`One-time password of ${VIEWER.name}`);
    oneTimePassword = await secret().innerText();
    await admin.expectAccessible();
    await admin.button('Done').click();
    await row(VIEWER.email).waitFor();
    await page().reload();
    await row(VIEWER.email).waitFor();
    await eventually(async () => expect(await page().content()).not.toContain(oneTimePassword));
  });

  it('leads the invited person from a deep link over a password of their own to where they wanted to go, by keyboard', async () => {
    const { admin } = chapter;
    const keys = new Keys(page());
    const type = (label: string, text: string) => keys.type(page().getByLabel(label, { exact: true }), text);
    await admin.button(/^Account of/).click();
    await page().getByRole('menuitem', { name: 'Sign out' }).click();
    await admin.button('Sign in').waitFor();
    await admin.open('/model-inventory/mlflow?stage=Staging');
    await page().getByLabel('Work email').fill(VIEWER.email);
    await page().getByLabel('Password', { exact: true }).fill(oneTimePassword);
    await admin.button('Sign in').click();
    await page().getByRole('heading', { name: 'Choose your password' }).waitFor();
    await admin.open('/settings/password');
    await page().getByRole('heading', { name: 'Choose your password' }).waitFor();
    await admin.open('/model-inventory/mlflow?stage=Staging');
    await page().getByRole('heading', { name: 'Choose your password' }).waitFor();
    await admin.expectAccessible();
    await page().setViewportSize({ width: 390, height: 844 });
    await admin.expectAccessible();
    expect(await page().evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page().setViewportSize({ width: 1440, height: 900 });

    await type('One-time password', oneTimePassword);
    await type('Your password', oneTimePassword);
    await page().keyboard.press('Enter');
    await admin.sees('Choose another password than the one-time password.');
    await admin.expectAccessible();
    await type('Your password', OWN_PASSWORD);
    await page().keyboard.press('Enter');
    await page()
      .getByRole('button', { name: new RegExp(`Account of ${VIEWER.name}`) })
      .waitFor();
    expect(new URL(page().url()).pathname).toBe('/model-inventory/mlflow');
    expect(new URL(page().url()).searchParams.get('stage')).toBe('Staging');
    await admin.open('/choose-password');
    await page().waitForURL('**/model-inventory/mlflow');
    const again = signInAs(chapter, VIEWER.email, oneTimePassword);
    await expect(again).rejects.toThrow('401');
    await signInAs(chapter, VIEWER.email, OWN_PASSWORD);
  });

  it('shows a Viewer the inventory alone, and says so wherever a link leads elsewhere', async () => {
    const { admin } = chapter;
    await admin.open('/model-inventory/mlflow');
    await page()
      .getByRole('link', { name: `View details of ${MODEL} version 1` })
      .waitFor();
    expect(await items()).toEqual(['Model Inventory', 'Settings']);
    expect(await admin.button('Re-run Sync').count()).toBe(0);
    await admin.expectAccessible();
    for (const [path, sentence] of [
      ['/governance', 'Viewers cannot see governance gaps'],
      ['/audit', 'Only Admins and Auditors can read the audit trail'],
      ['/integrations/mlflow', 'Only Admins can change integrations'],
      ['/settings/people', 'Only Admins'],
      ['/settings/api-keys', 'Only Admins'],
    ] as const) {
      await admin.open(path);
      await admin.sees(sentence);
      await admin.expectAccessible();
    }
  });

  it('lets an Auditor read what an Admin reads, the trail too, and change nothing', async () => {
    const { admin } = chapter;
    await signInAsAdmin(chapter);
    await admin.open('/settings/people');
    await page().getByLabel(`Role of ${VIEWER.name}`).selectOption('auditor');
    await page().getByRole('alertdialog').getByText('Their sessions end').waitFor();
    await admin.button('Change role').click();
    await eventually(async () => {
      const { items } = await admin.read<{ items: { email: string; role: string }[] }>('users');
      expect(items.find(({ email }) => email === VIEWER.email)?.role).toBe('auditor');
    });
    await signInAs(chapter, VIEWER.email, OWN_PASSWORD);
    await admin.open('/audit');
    await row('Person changed').waitFor();
    expect(await items()).toEqual([
      'Integrations',
      'Model Inventory',
      'Governance gaps',
      'Audit trail',
      'Settings',
    ]);
    await admin.open('/integrations/mlflow');
    await admin.region('Connection status').waitFor();
    expect(await page().getByRole('button', { name: 'Re-run Sync' }).isDisabled()).toBe(true);
    await expect(admin.send('POST', 'integrations/mlflow/sync')).rejects.toThrow('403');
    await expect(admin.send('POST', 'governance/attestations', {})).rejects.toThrow('403');
    await admin.expectAccessible();
  });

  it('ends the session of a person who is deactivated, and lets them in no more', async () => {
    const { admin } = chapter;
    const theirs = (await page().context().cookies()).map(({ name, value }) => `${name}=${value}`).join(';');
    const me = async (): Promise<number> =>
      (await fetch(`${chapter.stack.url}/api/v1/auth/me`, { headers: { cookie: theirs } })).status;
    expect(await me()).toBe(200);
    await page().context().clearCookies();
    await signInAsAdmin(chapter);
    await admin.open('/settings/people');
    await admin.button(`Deactivate ${VIEWER.name}`).click();
    await page().getByRole('alertdialog').waitFor();
    await admin.expectAccessible();
    await page().getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
    await row(VIEWER.email).getByText('Deactivated').waitFor();
    await admin.expectAccessible();
    expect(await me()).toBe(401);
    await expect(signInAs(chapter, VIEWER.email, OWN_PASSWORD)).rejects.toThrow('401');
  });

  it('makes an API key that is shown once, kept as a hash, and ends within a year', async () => {
    const { admin, stack } = chapter;
    await admin.open('/settings/api-keys');
    await admin.sees('No API keys yet');
    await admin.expectAccessible();
    await admin.button('Create key').click();
    await page().getByLabel('Expires in').waitFor();
    const lives = await page().getByLabel('Expires in').locator('option').allInnerTexts();
    expect(lives.map((text) => text.trim())).toEqual(['30 days', '90 days', '180 days', '1 year']);
    await admin.button('Create key').click();
    await admin.expectAccessible();
    pipelineKey = await makeKey('release pipeline', ['read', 'sync', 'gate']);
    expect(pipelineKey).toMatch(/^vw_\w{20,}/);
    await admin.expectAccessible();
    await admin.button('Done').click();
    await row('release pipeline').getByText('read, sync, gate').waitFor();
    expect(await row('release pipeline').innerText()).toContain('Never');
    await eventually(async () => expect(await page().content()).not.toContain(pipelineKey));
    const tables = await dumpDatabase(stack.dataDir);
    expect(tables).toContain('release pipeline');
    expect(tables).not.toContain(pipelineKey);
    await admin.expectAccessible();
  });

  it('answers a pipeline that asks as the guide shows', async () => {
    const { admin, stack } = chapter;
    const asked = readFileSync(GUIDE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    expect(asked).toHaveLength(4);
    const env = { VW_API_KEY: pipelineKey, VW: `${stack.url}/api/v1` };
    const answers: unknown[] = [];
    for (const line of asked) {
      const command = line.replace('curl ', 'curl --fail --silent --show-error ');
      const { exitCode, output } = await runCommand('bash', ['-c', command], env);
      expect([line, exitCode, output]).toEqual([line, 0, expect.stringMatching(/^\{/)]);
      answers.push(JSON.parse(output));
    }
    expect(answers).toEqual([
      expect.objectContaining({ models: 1, configured: true }),
      expect.objectContaining({ items: [], nextCursor: null, total: 0 }),
      expect.objectContaining({ trigger: 'manual' }),
      expect.objectContaining({ verdict: 'unknown' }),
    ]);
    await admin.ended();
    await admin.open('/settings/api-keys');
    await row('release pipeline').getByText('Never').waitFor({ state: 'detached' });
  });

  it('lets a key do what its scopes say, and nothing else', async () => {
    const reads = await makeKey('dashboard', ['read']);
    expect(await statusOf(reads, 'model-inventory/mlflow/versions')).toBe(200);
    expect(await statusOf(reads, 'integrations/mlflow/sync', 'POST')).toBe(403);
    expect(await statusOf(reads, `governance/gate?model=${MODEL}&version=1&target=Production`)).toBe(403);
    for (const path of ['users', 'api-keys', 'audit/events']) {
      expect([path, await statusOf(reads, path)]).toEqual([path, 403]);
    }
    const syncs = await makeKey('scheduler', ['sync']);
    expect(await statusOf(syncs, 'integrations/mlflow/sync', 'POST')).toBe(202);
    expect(await statusOf(syncs, 'model-inventory/mlflow/versions')).toBe(403);
    await chapter.admin.ended();
  });

  it('stops a pipeline with exit code 1 while a review lacks, and lets it go on with 0 once all three are attested', async () => {
    const { admin } = chapter;
    const denied = await gate(pipelineKey, question('1'));
    expect([denied.exitCode, denied.output]).toEqual([1, expect.stringContaining('No bias assessment')]);
    const junit = await gate(pipelineKey, [...question('1'), '--format', 'junit']);
    expect([junit.exitCode, junit.output]).toEqual([1, expect.stringContaining('<testsuite')]);

    await join(chapter, REVIEWER);
    await admin.open('/model-inventory/mlflow');
    await page()
      .getByRole('link', { name: `View details of ${MODEL} version 1` })
      .click();
    const reviews = page().getByRole('region', { name: 'Governance' });
    for (const name of ['Bias assessment', 'Security review', 'Privacy evaluation']) {
      await reviews.getByRole('button', { name: `Attest ${name}` }).click();
      await page()
        .getByLabel('Evidence link')
        .fill(`https://evidence.norrfjard.example/${name}`.replace(' ', '-'));
      await admin.tick(page().getByRole('checkbox'));
      await admin.button('Attest').click();
      await reviews
        .getByRole('listitem')
        .filter({ has: page().getByRole('heading', { name }) })
        .getByText(`Attested by ${REVIEWER.name}`)
        .waitFor();
    }
    await admin.expectAccessible();
    const allowed = await gate(pipelineKey, question('1'));
    expect([allowed.exitCode, allowed.output]).toEqual([0, expect.stringContaining('ALLOW')]);
    const sarif = await gate(pipelineKey, [...question('1'), '--format', 'sarif']);
    expect([sarif.exitCode, JSON.parse(sarif.output)]).toEqual([
      0,
      expect.objectContaining({ version: '2.1.0' }),
    ]);
  });

  it('ends the command with 3 for a version that nobody knows, and with 2 where it is used wrongly', async () => {
    expect((await gate(pipelineKey, question('99'))).exitCode).toBe(3);
    const wrong = await gate(pipelineKey, question('1').slice(0, -2));
    expect([wrong.exitCode, wrong.output]).toEqual([2, expect.stringContaining('Usage: vw-gate')]);
    expect((await gate('', question('1'))).exitCode).toBe(2);
  });

  it('refuses a key from the moment that it is revoked, and the gate then fails closed', async () => {
    const { admin } = chapter;
    await signInAsAdmin(chapter);
    await admin.open('/settings/api-keys');
    await admin.button('Revoke release pipeline').click();
    await page().getByRole('alertdialog').waitFor();
    await admin.expectAccessible();
    await page().getByRole('alertdialog').getByRole('button', { name: 'Revoke key' }).click();
    // While the question is open, nothing behind it has a role.
    await page().locator('tr').filter({ hasText: 'release pipeline' }).waitFor({ state: 'detached' });
    expect(await statusOf(pipelineKey, 'model-inventory/mlflow/summary')).toBe(401);
    expect((await gate(pipelineKey, question('1'))).exitCode).toBe(3);
  });
});

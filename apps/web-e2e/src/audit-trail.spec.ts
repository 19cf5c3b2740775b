import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, SyncRun } from '@vw/shared-contracts';
import type { TestMlflow } from '@vw/testing';
import { eventually, PERSON } from './admin';
import { describeChapter } from './chapter';
import { downloaded, recordsIn, runCommand, type Ended } from './files';

const MODEL = 'credit-risk-pd';
const TOKEN = 'tok-2c1f0b7d9e5a4833';
/** The event whose row somebody edits in the database. */
const EDITED = 3;

async function oneModel({ api }: TestMlflow): Promise<void> {
  await api.createModel(MODEL);
  await api.createVersion(MODEL);
}

describeChapter('the audit trail', { registry: oneModel }, (chapter) => {
  const page = () => chapter.admin.page;
  const events = () => chapter.admin.region('Events');
  const chain = () => chapter.admin.region('Integrity of the trail');
  const panel = () => page().locator('vw-event-panel');
  const row = (action: string) => events().getByRole('row').filter({ hasText: action }).first();
  const count = (text: string | RegExp) => events().getByRole('status').getByText(text).waitFor();
  const openEvent = async (action: string): Promise<string> => {
    await page()
      .getByRole('button', { name: new RegExp(`^Event \\d+, ${action}$`) })
      .first()
      .click();
    await panel().waitFor();
    return (await panel().innerText()).replace(/\s+/g, ' ');
  };
  const trail = async (): Promise<AuditEvent[]> =>
    (await chapter.admin.read<{ items: AuditEvent[] }>('audit/events?limit=200')).items;
  const save = async (format: 'CSV' | 'JSON Lines') => {
    await chapter.admin.button('Export').click();
    return downloaded(page(), () => page().getByRole('menuitem', { name: format, exact: true }).click());
  };
  const verify = (...args: string[]): Promise<Ended> =>
    runCommand('npm', ['run', '--silent', 'audit:verify', '--', ...args], {
      DATA_DIR: chapter.stack.dataDir,
    });

  it('tells who did what and when, and shows what stood before and after', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url, requestTimeoutSeconds: 25 });
    await admin.connect({ trackingServerUrl: proxy.url, requestTimeoutSeconds: 40 });
    await admin.ended();
    await admin.open('/audit');
    await row('Connection saved').getByText(PERSON.name).waitFor();
    await row('Organization created').waitFor();
    await admin.expectSteady('/audit', row('Organization created'));
    await admin.expectAccessible();
    const told = await openEvent('Connection saved');
    expect(told).toMatch(/Before.*requestTimeoutSeconds: 25.*After.*requestTimeoutSeconds: 40/);
    expect(told).toContain(`${PERSON.name}, in the browser`);
    const [newest] = (await trail()).filter(({ action }) => action === 'connection.saved');
    expect(told).toContain(newest?.hash);
    await admin.expectAccessible();
  });

  it('says of a secret that it was replaced, and of people their ids', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url, authMethod: 'token', apiToken: TOKEN });
    await admin.ended();
    await admin.open('/audit');
    await row('Connection saved').waitFor();
    expect(await openEvent('Connection saved')).toContain('replaced');
    const file = await save('JSON Lines');
    expect(file.text).toContain('replaced');
    for (const secret of [TOKEN, PERSON.password, PERSON.email]) {
      expect([secret, file.text.includes(secret)]).toEqual([secret, false]);
    }
    // What is hashed holds the id; the name beside it is the present one.
    const hashed = linesOf(file.text).map(({ text }) => text);
    expect(hashed.filter((text) => text?.includes(PERSON.name))).toEqual([]);
  });

  it('holds one event for each sync, with a digest of all its changes, which leads to that run', async () => {
    const { admin, mlflow } = chapter;
    await mlflow.api.setStage(MODEL, '1', 'Staging');
    await mlflow.api.createVersion(MODEL);
    await admin.send('POST', 'integrations/mlflow/sync');
    const run = await admin.ended();
    const { items: runs } = await admin.read<{ items: SyncRun[] }>('integrations/mlflow/sync-runs');
    // The second save of the connection cancelled the sync of the first.
    const ends = ['sync.ended', 'sync.cancelled'];
    const ended = (await trail()).filter(({ action }) => ends.includes(action));
    expect(ended.map(({ runId }) => runId).sort()).toEqual(runs.map(({ id }) => id).sort());
    await admin.open('/audit?action=sync.ended');
    await row('Sync ended').waitFor();
    const told = await openEvent('Sync ended');
    expect(told).toContain('Background worker');
    expect(told).toMatch(/created: 1/);
    expect(told).toMatch(/[0-9a-f]{64}.*[0-9a-f]{64}/);
    await admin.expectAccessible();
    await panel().getByRole('link', { name: run.id }).click();
    await page().waitForURL(`**/integrations/mlflow?run=${run.id}`);
    await page()
      .getByRole('link', { name: `${MODEL} v2` })
      .waitFor();
    await admin.expectAccessible();
  });

  it('finds events by actor, by kind and by day', async () => {
    const { admin } = chapter;
    await admin.open('/audit');
    await row('Organization created').waitFor();
    const all = await trail();
    await page().getByRole('combobox', { name: 'Event', exact: true }).selectOption('connection.saved');
    await count(`${all.filter(({ action }) => action === 'connection.saved').length} events`);
    await page().getByRole('combobox', { name: 'Actor', exact: true }).selectOption('system');
    await admin.sees('No events match these filters');
    await admin.expectAccessible();
    await admin.button('Clear filters').first().click();
    await page().getByRole('combobox', { name: 'Actor', exact: true }).selectOption({ label: PERSON.name });
    await row('Sync ended').waitFor({ state: 'detached' });
    await row('Connection saved').waitFor();
    await page().getByRole('combobox', { name: 'Period', exact: true }).selectOption('custom');
    await page().getByLabel('From', { exact: true }).waitFor();
    await admin.expectAccessible();
    await page().getByLabel('To', { exact: true }).fill('2020-01-01');
    await admin.sees('No events match these filters');
  });

  it('recomputes the whole chain on Verify chain', async () => {
    const { admin } = chapter;
    await admin.open('/audit');
    await admin.button('Verify chain').click();
    const all = await trail();
    await eventually(async () => {
      const told = await chain().innerText();
      expect(told).toContain('Chain verified');
      expect(told).toContain(`${all.length} events`);
      expect(told.replace(/\s/g, '')).toContain(all[0]?.hash.slice(0, 8));
    });
    await admin.expectAccessible();
  });

  it('exports the whole trail as a file that is proved without any database', async () => {
    const { admin } = chapter;
    await admin.button('Export').click();
    await admin.sees('npm run audit:verify -- FILE');
    await admin.expectAccessible();
    await page().keyboard.press('Escape');
    const lines = await save('JSON Lines');
    expect(lines.name).toBe('audit-trail.jsonl');
    const events = (await trail()).length;
    expect(await verify(lines.path)).toEqual({
      exitCode: 0,
      output: expect.stringMatching(new RegExp(`whole .* ${events} events, head [0-9a-f]{64}\n$`)),
    });
    const table = await save('CSV');
    expect(table.name).toBe('audit-trail.csv');
    expect(recordsIn(table.text).length).toBeGreaterThan(events);
    expect((await verify(table.path)).exitCode).toBe(0);
  });

  it('finds a single changed byte in an exported file, and names the event', async () => {
    const { text } = await save('JSON Lines');
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('requestTimeoutSeconds'));
    const seq = linesOf(text)[at]?.seq;
    const changed = lines.with(at, (lines[at] ?? '').replace(/(.*requestTimeoutSeconds\\":)\d/, '$19'));
    expect(changed.join('\n')).not.toBe(text);
    const path = join(chapter.stack.dataDir, 'changed.jsonl');
    writeFileSync(path, changed.join('\n'));
    expect(await verify(path)).toEqual({
      exitCode: 1,
      output: expect.stringContaining(`at event ${seq}: changed, moved or lost`),
    });
  });

  it('says of an extract that it cannot be proved, and how to get a file that can', async () => {
    const { admin } = chapter;
    await admin.open('/audit?action=connection.saved');
    await row('Connection saved').waitFor();
    await admin.button('Export').click();
    await admin.sees('such an extract cannot be verified offline');
    await admin.expectAccessible();
    const extract = await downloaded(page(), () =>
      page().getByRole('menuitem', { name: 'JSON Lines' }).click(),
    );
    expect((await verify(extract.path)).exitCode).not.toBe(0);
  });

  it('names the first event that somebody changed in the database, and shows it', async () => {
    const { admin, stack } = chapter;
    expect((await verify()).exitCode).toBe(0);
    await stack.asSuperuser(`UPDATE audit_event SET body = body || ' ' WHERE seq = ${EDITED}`);
    await admin.open('/audit');
    await admin.button('Verify chain').click();
    const alert = chain().getByRole('alert');
    await alert.getByText(`Chain broken at event ${EDITED}. Later events cannot be trusted.`).waitFor();
    await admin.expectAccessible();
    await admin.button(`Show event ${EDITED}`).click();
    await page()
      .getByRole('button', { name: new RegExp(`^Event ${EDITED}, `), expanded: true })
      .waitFor();
    await admin.expectAccessible();
    expect(await verify()).toEqual({
      exitCode: 1,
      output: expect.stringContaining(`at event ${EDITED}: changed, moved or lost`),
    });
  });
});

function linesOf(file: string): { seq?: number; text?: string }[] {
  return file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

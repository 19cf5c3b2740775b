import type { GovernanceSummary } from '@vw/shared-contracts';
import type { TestMlflow } from '@vw/testing';
import { eventually, PERSON } from './admin';
import { describeChapter } from './chapter';
import { downloaded, recordsIn } from './files';
import { comeBack, join, REVIEWER, signInAsAdmin } from './people';

const MODEL = 'credit-risk-pd';
const UNFAIR = 'fraud-score';
const EVIDENCE = 'https://evidence.norrfjard.example/bias/credit-risk-pd-1';
const EVIDENCE_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const DAY_MS = 86_400_000;
/** A waiver lasts this long at most. */
const WAIVER_DAYS = 180;

/** One version live by its stage, one by its alias and with a measured disparity, two that are not live. */
async function registry({ api }: TestMlflow): Promise<void> {
  const experiment = await api.createExperiment('kreditrisk');
  const run = (metrics: Record<string, number>) =>
    api.createRun(experiment, { metrics, params: { dataset: 'retail-2025' } });
  await api.createModel(MODEL, { description: 'Probability of default.' });
  await api.createVersion(MODEL, { runId: await run({ auc: 0.871 }) });
  await api.setStage(MODEL, '1', 'Production');
  await api.createVersion(MODEL, { runId: await run({ auc: 0.874 }) });
  await api.setStage(MODEL, '2', 'Staging');
  await api.createModel(UNFAIR, { description: 'Card fraud.' });
  await api.createVersion(UNFAIR, { runId: await run({ disparate_impact: 0.62 }) });
  await api.setAlias(UNFAIR, 'champion', '1');
  await api.createModel('churn');
  await api.createVersion('churn');
}

describeChapter('governance gaps', { registry }, (chapter) => {
  const page = () => chapter.admin.page;
  const card = (review: string) => page().locator('vw-coverage-cards section').filter({ hasText: review });
  const list = () => page().getByRole('region', { name: 'Versions that lack a review' });
  const attests = (name: string) => page().getByRole('button', { name: `Attest ${name} version 1` });
  const dialog = () => page().getByRole('dialog');
  const told = (text: string | RegExp) => page().locator('mat-snack-bar-container').getByText(text).waitFor();
  const sync = async (): Promise<void> => {
    await chapter.admin.send('POST', 'integrations/mlflow/sync');
    await chapter.admin.ended();
  };
  const openVersion = async (name: string, version: string): Promise<void> => {
    await chapter.admin.open(`/model-inventory/mlflow?search=${name}`);
    await page()
      .getByRole('link', { name: `View details of ${name} version ${version}` })
      .click();
    await page().getByRole('region', { name: 'Governance' }).waitFor();
  };
  const review = (name: string) =>
    page()
      .getByRole('region', { name: 'Governance' })
      .getByRole('listitem')
      .filter({ has: page().getByRole('heading', { name }) });
  let signedAt = '';
  const sign = async (evidence: string): Promise<void> => {
    await page().getByLabel('Evidence link').fill(evidence);
    await chapter.admin.tick(page().getByRole('checkbox'));
    await chapter.admin.button('Attest').click();
  };

  it('asks three reviews of every version in Production or under an alias such as champion, and of no other', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    await admin.open('/governance');
    await attests(MODEL).waitFor();
    for (const name of ['Bias assessment', 'Security review', 'Privacy evaluation']) {
      await card(name).getByText('0 %').waitFor();
      expect(await card(name).innerText()).toContain('0 of 2 live versions');
      expect(await card(name).innerText()).toContain('2 missing');
    }
    const rows = await list().locator('tbody tr .name').allInnerTexts();
    expect(rows.map((text) => text.split(/\s/)[0]).sort()).toEqual([MODEL, UNFAIR]);
    await list().getByText('6 gaps in 2 versions').waitFor();
    await page()
      .getByRole('link', { name: /Governance gaps\s*6 gaps/ })
      .waitFor();
    await admin.expectSteady('/governance', list().getByText('6 gaps in 2 versions'));
    await admin.expectAccessible();
  });

  it('shows which versions lack one review, by stage and by a part of the name', async () => {
    const { admin } = chapter;
    await card('Security review').getByRole('button').click();
    await list().getByText('2 gaps in 2 versions').waitFor();
    await list()
      .getByRole('button', { name: /^Production/ })
      .click();
    await list().getByText('1 gap in 1 version').waitFor();
    await attests(UNFAIR).waitFor({ state: 'detached' });
    await admin.expectAccessible();
    await list()
      .getByRole('button', { name: /^All stages/ })
      .click();
    await page().getByPlaceholder('Search models').fill('FRAUD');
    await attests(MODEL).waitFor({ state: 'detached' });
    expect(new URL(page().url()).searchParams.toString()).toBe('requirement=security-review&search=FRAUD');
    await page().getByPlaceholder('Search models').fill('nothing of the kind');
    await admin.sees('No versions match “nothing of the kind” without a security review');
    await admin.expectAccessible();
    await admin.button('Clear filters').click();
    await list().getByText('6 gaps in 2 versions').waitFor();
  });

  it('takes an attestation with its evidence, its end and a tick only, and signs it with the name of the Reviewer', async () => {
    const { admin } = chapter;
    await attests(MODEL).click();
    await dialog()
      .getByRole('heading', { name: `Attest ${MODEL} v1` })
      .waitFor();
    await admin.button('Attest').click();
    await admin.sees('Enter where the evidence lies.');
    await admin.sees('Confirm that you reviewed the evidence.');
    await admin.expectAccessible();
    await page().getByLabel('Valid until').fill(dayAhead(90));
    await page().getByLabel('SHA-256 of the evidence').fill(EVIDENCE_SHA256.toUpperCase());
    await page().getByLabel('Note').fill('Reviewed with the second line.');
    await sign(EVIDENCE);
    await told(`Bias assessment of ${MODEL} v1 attested: passed.`);
    await card('Bias assessment').getByText('1 of 2 live versions').waitFor();
    await list().getByText('5 gaps in 2 versions').waitFor();
    const summary = await admin.read<GovernanceSummary>('governance/summary');
    expect(summary.requirements[0]).toMatchObject({
      requirement: 'bias-assessment',
      covered: 1,
      missing: 1,
    });
    await admin.expectAccessible();
    await openVersion(MODEL, '1');
    await review('Bias assessment').getByText(`Attested by ${PERSON.name}`).waitFor();
    expect(await review('Bias assessment').getByRole('link').getAttribute('href')).toBe(EVIDENCE);
    await review('Bias assessment').getByText(EVIDENCE_SHA256).waitFor();
    await review('Bias assessment').getByText('Reviewed with the second line.').waitFor();
    await admin.expectAccessible();
    signedAt = new Date().toISOString();
  });

  it('keeps an attestation with its one version', async () => {
    await openVersion(MODEL, '2');
    await review('Bias assessment').getByText('Not required', { exact: true }).waitFor();
    expect(await review('Bias assessment').innerText()).not.toContain('Attested by');
  });

  it('exports every gap with its evidence as CSV', async () => {
    const { admin } = chapter;
    await admin.open('/governance');
    await attests(MODEL).waitFor();
    const file = await downloaded(page(), () => admin.button('Export CSV').click());
    expect(file.name).toMatch(/^governance-gaps-\d{4}-\d\d-\d\d\.csv$/);
    const [head = [], ...records] = recordsIn(file.text);
    const of = (record: string[], column: string) => record[head.indexOf(column)];
    const told = records.map((record) => [
      of(record, 'Model name'),
      of(record, 'Gaps'),
      of(record, 'Bias assessment'),
      of(record, 'Bias assessment: attested by'),
      of(record, 'Bias assessment: evidence'),
      of(record, 'Bias assessment: SHA-256 of the evidence'),
    ]);
    expect(told.sort()).toEqual([
      [MODEL, '2', 'Attested', PERSON.name, EVIDENCE, EVIDENCE_SHA256],
      [UNFAIR, '3', 'Missing', '', '', ''],
    ]);
  });

  it('keeps an owner and a risk tier beside the model, which no sync touches', async () => {
    const { admin, mlflow } = chapter;
    await openVersion(MODEL, '1');
    const entry = page().locator('vw-entry-card');
    await entry.getByRole('button', { name: 'Edit the inventory entry' }).click();
    await page().getByLabel('Owner').fill(PERSON.name);
    await page().getByLabel('Purpose').fill('Decides loans up to SEK 300,000.');
    await page().getByLabel('Risk tier').selectOption('high');
    await admin.expectAccessible();
    await admin.button('Save').click();
    await entry.getByText('Decides loans up to SEK 300,000.').waitFor();
    await mlflow.api.setModelTag(MODEL, 'owner', 'somebody else');
    await sync();
    await page().reload();
    await entry.getByText('High', { exact: true }).waitFor();
    expect(await entry.innerText()).toContain(PERSON.name);
    expect(await entry.innerText()).toContain('Decides loans up to SEK 300,000.');
  });

  it('keeps a review that the owner of the model signs, and does not count it, nor an earlier one of theirs', async () => {
    const { admin } = chapter;
    await review('Security review').getByRole('button', { name: 'Attest Security review' }).click();
    await sign('https://evidence.norrfjard.example/security');
    await told(`Signed, but it does not count: you own ${MODEL} v1.`);
    await review('Security review').getByRole('button', { name: 'Attest Security review' }).waitFor();
    for (const name of ['Security review', 'Bias assessment']) {
      expect(await review(name).innerText()).toContain('Missing since');
    }
    await admin.expectAccessible();
  });

  it('shows with a version as of an instant what people had answered for then', async () => {
    const { admin } = chapter;
    const id = new URL(page().url()).searchParams.get('version') ?? '';
    await admin.open(`/model-inventory/mlflow?version=${id}&asOf=${signedAt}`);
    const then = page().getByRole('region', { name: 'Governance at that time' });
    const bias = then.getByRole('listitem').filter({ hasText: 'Bias assessment' });
    await bias.getByText(`Attested by ${PERSON.name}`).waitFor();
    await bias.getByText(EVIDENCE_SHA256).waitFor();
    expect(await then.innerText()).toMatch(/Owner\s+Nobody/);
    expect(await then.getByRole('button', { name: /Attest|Edit|waiver/ }).count()).toBe(0);
    await admin.expectAccessible();
    await page().setViewportSize({ width: 420, height: 900 });
    expect(await page().evaluate('document.documentElement.scrollWidth')).toBe(420);
    await page().setViewportSize({ width: 1440, height: 900 });
    await admin.button('Back to now').click();
    await review('Bias assessment').getByText('Missing since').waitFor();
  });

  it('finds by other rules what a live version lacks, its measured disparity above all', async () => {
    const { admin } = chapter;
    await admin.open('/governance/findings');
    await page().getByRole('row').filter({ hasText: 'G05' }).waitFor();
    const found = await page()
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          ['.model bdi', '.rule .mono'].map((cell) => row.querySelector(cell)?.textContent).join(' '),
        ),
      );
    const ofUnfair = ['G04', 'G05', 'G09', 'G13', 'G14'].map((rule) => `${UNFAIR} ${rule}`);
    expect(found.sort()).toEqual([`${MODEL} G04`, `${MODEL} G14`, ...ofUnfair]);
    const severities = await page().locator('tbody td.severity').allInnerTexts();
    expect(severities).toEqual(['Critical', 'Critical', 'High', 'High', 'Medium', 'Medium', 'Medium']);
    const disparity = page().getByRole('row').filter({ hasText: 'G05' });
    expect(await disparity.innerText()).toContain('0.62');
    await admin.expectAccessible();
    await page().getByLabel('Severity').selectOption('medium');
    await page().getByRole('row').filter({ hasText: 'G05' }).waitFor({ state: 'detached' });
    await page().getByRole('row').filter({ hasText: 'G13' }).waitFor();
  });

  it('leads from a missing owner to the form of the inventory entry, which closes the finding', async () => {
    const { admin } = chapter;
    const edit = page().getByRole('link', { name: `Edit entry of ${UNFAIR}, which G09 asks for` });
    await admin.open('/governance/findings');
    await edit.click();
    await eventually(async () =>
      expect(await page().evaluate('document.activeElement.id')).toBe('entry-owner'),
    );
    await admin.expectAccessible();
    await page().getByLabel('Owner').fill('fraud@norrfjard.example');
    await admin.button('Save').click();
    await page().locator('vw-entry-card').getByText('fraud@norrfjard.example').waitFor();
    await admin.open('/governance/findings');
    await page().getByRole('row').filter({ hasText: 'G13' }).waitFor();
    expect(await edit.count()).toBe(0);
  });

  it('accepts a finding for at most 180 days, once somebody other than its requester approves', async () => {
    const { admin } = chapter;
    await admin.open('/governance/findings');
    await page()
      .getByRole('button', { name: `Ask for a waiver of G05 for ${UNFAIR} version 1` })
      .click();
    await page().getByLabel('Reason').fill('Retrained this month.');
    await page()
      .getByLabel('Ends')
      .fill(dayAhead(WAIVER_DAYS + 2));
    await admin.button('Ask for a waiver').click();
    await admin.sees(`At most ${WAIVER_DAYS} days ahead.`);
    await admin.expectAccessible();
    await page().getByLabel('Ends').fill(dayAhead(30));
    await admin.button('Ask for a waiver').click();
    await told('Waiver asked for. Someone else must approve it.');
    await admin.open('/governance/waivers');
    await admin.sees('Someone else must approve it');
    expect(
      await page()
        .getByRole('button', { name: /^Approve/ })
        .count(),
    ).toBe(0);
    await admin.expectAccessible();

    await join(chapter, REVIEWER);
    await admin.open('/governance/waivers');
    await page()
      .getByRole('button', { name: `Approve the waiver of G05 for ${UNFAIR} version 1` })
      .click();
    await page().getByRole('alertdialog').getByText('is accepted until').waitFor();
    await admin.expectAccessible();
    await admin.button('Approve waiver').click();
    await admin.sees(`Approved by ${REVIEWER.name}`);
    await admin.expectAccessible();
    await signInAsAdmin(chapter);
    await admin.open('/governance/findings?status=waived');
    await page().getByRole('row').filter({ hasText: 'G05' }).getByText('Waived', { exact: true }).waitFor();
  });

  it('opens a finding again when its waiver has ended', async () => {
    const { admin, stack } = chapter;
    await stack.asSuperuser(`UPDATE waiver SET ends_at = now() - interval '1 minute'`);
    await stack.asSuperuser(`UPDATE finding SET due_at = now() - interval '1 minute' WHERE rule = 'G05'`);
    await sync();
    await admin.open('/governance/findings?rule=G05');
    await page()
      .getByRole('button', { name: /^Ask for a waiver of G05/ })
      .waitFor();
  });

  it('refuses a waiver with a reason, and opens a finding again at once when its waiver is withdrawn', async () => {
    const { admin } = chapter;
    const ask = async (reason: string): Promise<void> => {
      await signInAsAdmin(chapter);
      await admin.open('/governance/findings?rule=G05');
      await page()
        .getByRole('button', { name: /^Ask for a waiver of G05/ })
        .click();
      await page().getByLabel('Reason').fill(reason);
      await admin.button('Ask for a waiver').click();
      await told('Waiver asked for. Someone else must approve it.');
    };
    const first = () => page().locator('tbody tr').first();

    await ask('Within a week.');
    await page().getByRole('link', { name: 'Waivers 1 waiting' }).waitFor();
    await page()
      .getByRole('link', { name: /Governance gaps\s*6 gaps, 1 waiver waiting/ })
      .waitFor();
    await comeBack(chapter, REVIEWER);
    await admin.open('/governance/waivers');
    await page()
      .getByRole('button', { name: /^Refuse/ })
      .click();
    await admin.button('Refuse waiver').click();
    await admin.sees('Say why it is refused.');
    await admin.expectAccessible();
    await page().getByLabel('Why it is refused').fill('Measure it again first.');
    await admin.button('Refuse waiver').click();
    await told('Waiver refused.');
    await first().getByText('Refused: Measure it again first.').waitFor();
    await first().getByText(`Refused by ${REVIEWER.name}`).waitFor();
    await page().getByRole('link', { name: 'Waivers', exact: true }).waitFor();
    // While it fades, it has no contrast.
    await page().locator('mat-snack-bar-container').waitFor({ state: 'detached' });
    await admin.expectAccessible();

    await ask('Measured again: 0.79.');
    await comeBack(chapter, REVIEWER);
    await admin.open('/governance/waivers');
    await page()
      .getByRole('button', { name: /^Approve/ })
      .click();
    await admin.button('Approve waiver').click();
    await told('Waiver approved.');
    await signInAsAdmin(chapter);
    await admin.open('/governance/waivers');
    await page()
      .getByRole('button', { name: /^Withdraw/ })
      .click();
    await page().getByRole('alertdialog').getByText('The finding is open again at once.').waitFor();
    await admin.button('Withdraw waiver').click();
    await told('Waiver withdrawn.');
    await first().getByText(`Withdrawn by ${PERSON.name}`).waitFor();
    await admin.open('/governance/findings?rule=G05');
    await page()
      .getByRole('button', { name: /^Ask for a waiver of G05/ })
      .waitFor();
  });

  it('says unknown where the run of a live version cannot be read, never that it has no gaps', async () => {
    const { admin, proxy } = chapter;
    proxy.on({ match: 'runs/search', fault: { kind: 'rewrite', rewrite: () => '{"runs": []}' } });
    proxy.on({ match: 'runs/get', fault: { kind: 'status', status: 403 } });
    await sync();
    await admin.open('/governance');
    await eventually(async () => {
      const row = list().getByRole('row').filter({ hasText: UNFAIR });
      expect(await row.locator('td.review').first().innerText()).toContain('Unknown');
    });
    await card('Bias assessment').getByText('2 unknown').waitFor();
    await admin.expectAccessible();
    await openVersion(UNFAIR, '1');
    await review('Bias assessment').getByText('Unknown', { exact: true }).waitFor();
    expect(await page().getByRole('region', { name: 'Governance' }).innerText()).not.toContain('No gaps');
    await admin.expectAccessible();
  });
});

function dayAhead(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

import 'reflect-metadata';
import { Governance } from '@vw/governance';
import { ModelInventory, sourceId } from '@vw/model-inventory';
import { SyncHistory } from '@vw/sync-history';
import type { Me } from '@vw/shared-contracts';
import { startTestApi, type TestApi } from './test-api';

const SETUP = {
  ...{ organizationName: 'Norrfjärd Bank', name: 'Åsa Lindqvist' },
  ...{ email: 'asa@norrfjard.example', password: 'a passphrase of some length' },
};

describe('governance over HTTP', () => {
  let api: TestApi;
  let cookie: string;
  let versionId: string;

  const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
    const answer = await api.call(method, path, { cookie, ...(body ? { body } : {}) });
    return { status: answer.status, body: answer.text ? answer.json<Record<string, never>>() : {} };
  };
  const attest = (more: object = {}) =>
    call('POST', '/governance/attestations', {
      ...{
        versionId,
        requirement: 'bias-assessment',
        result: 'passed',
        evidenceUrl: 'https://evidence.example/1',
      },
      ...more,
    });

  beforeAll(async () => {
    api = await startTestApi();
    const made = await api.call('POST', '/setup', { body: SETUP });
    cookie = String(made.headers['set-cookie']).split(';')[0] ?? '';
    await syncOneLiveVersion(made.json<Me>().organization.id);
    const versions = (await call('GET', '/model-inventory/mlflow/versions')).body as unknown as {
      items: { id: string }[];
    };
    versionId = versions.items[0]?.id ?? '';
  });

  afterAll(() => api?.close());

  async function syncOneLiveVersion(orgId: string): Promise<void> {
    const inventory = api.app.get(ModelInventory, { strict: false });
    const history = api.app.get(SyncHistory, { strict: false });
    const { run } = await history.request(orgId, 'manual', 'spec');
    const lease = await history.start(orgId, run.id, null);
    if (!lease) throw new Error('the run did not start');
    const origin = { runId: run.id, sourceId: sourceId(orgId, 'http://mlflow.example', '') };
    const facts = { createdAt: 1, updatedAt: 1, description: '', tags: new Map<string, string>() };
    const [model] = await inventory.applyModels(orgId, origin, [{ ...facts, name: 'credit-risk-pd' }]);
    if (!model) throw new Error('the model was not stored');
    const version = {
      ...facts,
      model,
      version: '7',
      stage: 'Production',
      aliases: [],
      source: 's3://m',
    } as const;
    await inventory.apply(orgId, origin, [{ ...version, runId: null, evidence: null, experiment: null }]);
    const end = { status: 'succeeded', code: null, complete: true, held: 0, requests: 1 } as const;
    await history.end(orgId, lease, end);
    await api.app.get(Governance, { strict: false }).evaluate(orgId, run.id);
  }

  it('tells the catalogue, the coverage and the findings', async () => {
    expect((await call('GET', '/governance/rules')).body).toMatchObject({
      version: '2',
      total: 14,
      items: [{ id: 'G01' }, ...Array(13).fill({})],
    });
    expect((await call('GET', '/governance/summary')).body).toMatchObject({
      live: 1,
      requirements: [
        {
          requirement: 'bias-assessment',
          covered: 0,
          missing: 1,
          failed: 0,
          expired: 0,
          waived: 0,
          unknown: 0,
        },
        { requirement: 'security-review' },
        { requirement: 'privacy-evaluation' },
      ],
      severities: { critical: 4, high: 2, medium: 4 },
    });
    const { body } = await call(
      'GET',
      `/governance/findings?requirement=bias-assessment&versionId=${versionId}`,
    );
    expect(body).toEqual({
      items: [
        {
          ...{
            id: expect.any(String),
            rule: 'G01',
            severity: 'critical',
            versionId,
            modelName: 'credit-risk-pd',
          },
          ...{ version: '7', stage: 'Production', status: 'open', since: expect.stringMatching(/Z$/) },
          reason: 'No bias assessment is attested.',
        },
      ],
      ...{ nextCursor: null, total: 1 },
    });
  });

  it('takes an attestation, and refuses one without evidence, with another scheme or for nothing', async () => {
    for (const [field, more] of [
      ['evidenceUrl', { evidenceUrl: null }],
      ['evidenceUrl', { evidenceUrl: 'javascript:alert(1)' }],
      ['evidenceUrl', { evidenceUrl: 'https://user:secret@evidence.example' }],
      ['evidenceSha256', { evidenceSha256: 'abc' }],
      ['evidenceSha256', { evidenceSha256: `${'ab'.repeat(31)}xy` }],
      ['evidenceSha256', { evidenceSha256: '' }],
      ['evidenceSha256', { evidenceSha256: 7 }],
      ['result', { result: 'maybe' }],
      ['requirement', { requirement: 'G01' }],
      ['expiresAt', { expiresAt: 'tomorrow' }],
      ['expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
      ['surprise', { surprise: 1 }],
    ] as const)
      expect([field, (await attest(more)).body]).toMatchObject([
        field,
        { code: 'invalid-input', errors: [{ field }] },
      ]);
    expect((await attest({ versionId: crypto.randomUUID() })).status).toBe(404);
    expect((await attest({ evidenceSha256: 'abc' })).body).toMatchObject({
      errors: [{ message: 'evidenceSha256 must be 64 hex digits' }],
    });
    const evidenceSha256 = 'AB'.repeat(32);
    const made = await attest({ evidenceUrl: 'http://wiki/bias', evidenceSha256, note: 'Fair.' });
    expect([made.status, made.body]).toMatchObject([
      201,
      { versionId, attestedBy: 'Åsa Lindqvist', independent: true },
    ]);
    expect((await call('GET', `/model-inventory/mlflow/versions/${versionId}`)).body).toMatchObject({
      openGaps: 2,
      live: true,
    });
    expect((await call('GET', '/model-inventory/mlflow/versions?gap=bias-assessment')).body).toMatchObject({
      total: 0,
    });
    expect((await call('GET', '/model-inventory/mlflow/versions?gap=security-review')).body).toMatchObject({
      total: 1,
    });
  });

  it('answers with the versions that lack a review, and with the reviews of one', async () => {
    const list = await call(
      'GET',
      '/governance/gaps?search=credit&stage=Production&requirement=privacy-evaluation',
    );
    expect([list.status, list.body]).toMatchObject([
      200,
      {
        items: [{ versionId, modelName: 'credit-risk-pd', stage: 'Production', live: true }],
        ...{ total: 1, gaps: 1, nextCursor: null, stages: { Production: 1, Staging: 0 } },
      },
    ]);
    expect((await call('GET', '/governance/gaps?stage=Nowhere')).status).toBe(422);
    const one = await call('GET', `/governance/versions/${versionId}`);
    expect([one.status, one.body]).toMatchObject([
      200,
      {
        versionId,
        reviews: [
          { attestation: { note: 'Fair.', evidenceSha256: 'ab'.repeat(32) } },
          { state: 'missing' },
          { state: 'missing' },
        ],
      },
    ]);
    expect((await call('GET', `/governance/versions/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await call('GET', '/governance/versions/x')).status).toBe(404);
    expect((await call('GET', '/governance/findings?requirement=none&rule=G01')).body).toMatchObject({
      total: 0,
    });
    expect((await call('GET', `/model-inventory/entries?versionId=${versionId}`)).body).toMatchObject({
      total: 1,
    });
  });

  it('answers with what people and rules said of a version at an instant, and not before it was seen', async () => {
    const at = (asOf: string) => call('GET', `/governance/versions/${versionId}?asOf=${asOf}`);
    const now = await call('GET', `/governance/versions/${versionId}`);
    expect(now.body).toMatchObject({
      ...{ asOf: null, catalogueVersion: expect.any(String), gate: null, waivers: [] },
      entry: { owner: null, approvalStatus: 'pending' },
      attestations: [{ attestedBy: 'Åsa Lindqvist', evidenceSha256: 'ab'.repeat(32) }],
    });
    const asOf = '2999-01-01T00:00:00.000Z';
    expect((await at(asOf)).body).toEqual({ ...now.body, asOf });
    expect((await at('2020-01-01T00:00:00Z')).status).toBe(404);
    for (const nonsense of ['yesterday', '2026-11-24', '2026-11-24T12:00:00'])
      expect((await at(nonsense)).body).toMatchObject({ errors: [{ field: 'asOf' }] });
  });

  it('changes an entry, and nothing that people may not write', async () => {
    const { items } = (await call('GET', '/model-inventory/entries?search=CREDIT')).body as unknown as {
      items: { id: string }[];
    };
    const path = `/model-inventory/entries/${items[0]?.id}`;
    expect((await call('PATCH', path, { riskTier: 'huge' })).body).toMatchObject({
      errors: [{ field: 'riskTier' }],
    });
    expect((await call('PATCH', path, { modelName: 'x' })).body).toMatchObject({
      errors: [{ field: 'modelName' }],
    });
    const changed = await call('PATCH', path, {
      owner: 'Kreditrisk',
      riskTier: 'high',
      approvalStatus: 'restricted',
    });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { owner: 'Kreditrisk', approvalStatus: 'restricted' },
    ]);
    expect((await call('GET', path)).body).toEqual(changed.body);
  });

  it('answers the gate with 200 whatever the verdict', async () => {
    const gate = (model: string) =>
      call('GET', `/governance/gate?model=${model}&version=7&target=Production`);
    expect(await gate('credit-risk-pd')).toMatchObject({ status: 200, body: { verdict: 'deny' } });
    expect(await gate('nothing')).toMatchObject({
      status: 200,
      body: { verdict: 'unknown', reasons: [{ rule: 'model' }] },
    });
    expect((await call('GET', '/governance/gate?model=x')).body).toMatchObject({ code: 'invalid-input' });
  });
});

import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Governance } from '@vw/governance';
import { ModelInventory, sourceId } from '@vw/model-inventory';
import { SyncHistory } from '@vw/sync-history';
import type { Me } from '@vw/shared-contracts';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

const SETUP = {
  ...{ organizationName: 'Norrfjärd Bank', name: 'Åsa Lindqvist' },
  ...{ email: 'asa@norrfjard.example', password: 'a passphrase of some length' },
};

describe('governance over HTTP', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;
  let cookie: string;
  let versionId: string;

  const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}) },
      ...(body ? { payload: body } : {}),
    });
    return {
      status: answer.statusCode,
      cookie: answer.headers['set-cookie'],
      body: answer.body ? answer.json<Record<string, never>>() : {},
    };
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
    test = await createTestDatabase();
    app = await createApi(test.env());
    const made = await call('POST', '/setup', SETUP);
    cookie = String(made.cookie).split(';')[0] ?? '';
    const orgId = (made.body as unknown as Me).organization.id;
    await syncOneLiveVersion(orgId);
    const versions = (await call('GET', '/model-inventory/mlflow/versions')).body as unknown as {
      items: { id: string }[];
    };
    versionId = versions.items[0]?.id ?? '';
  });

  afterAll(async () => {
    await app?.close();
    await test?.drop();
  });

  async function syncOneLiveVersion(orgId: string): Promise<void> {
    const inventory = app.get(ModelInventory, { strict: false });
    const history = app.get(SyncHistory, { strict: false });
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
    await app.get(Governance, { strict: false }).evaluate(orgId, run.id);
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

  it('refuses that a waiver is approved by whoever asked for it', async () => {
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const asked = await call('POST', '/governance/waivers', {
      versionId,
      rule: 'G02',
      reason: 'Next week.',
      endsAt,
    });
    expect([asked.status, asked.body]).toMatchObject([
      201,
      { requestedBy: 'Åsa Lindqvist', approvedBy: null },
    ]);
    const own = await call('POST', `/governance/waivers/${asked.body['id']}/approve`);
    expect([own.status, own.body]).toMatchObject([409, { code: 'conflict' }]);
    expect((await call('POST', `/governance/waivers/${crypto.randomUUID()}/approve`)).status).toBe(404);
    expect((await call('GET', '/governance/waivers')).body).toMatchObject({
      total: 1,
      items: [{ rule: 'G02' }],
    });
  });

  it('marks in the trail what is signed with a one-time password, and nothing after another is chosen', async () => {
    const admin = cookie;
    const person = { name: 'Noor Haddad', email: 'noor@norrfjard.example', role: 'reviewer' };
    const currentPassword = String((await call('POST', '/users', person)).body['oneTimePassword']);
    const { items: waivers } = (await call('GET', '/governance/waivers')).body as unknown as {
      items: { id: string }[];
    };
    const signIn = await call('POST', '/auth/sign-in', { email: person.email, password: currentPassword });
    cookie = String(signIn.cookie).split(';')[0] ?? '';
    expect((await attest({ requirement: 'privacy-evaluation', result: 'failed' })).status).toBe(201);
    expect((await call('POST', `/governance/waivers/${waivers[0]?.id}/approve`)).status).toBe(200);
    const chosen = { currentPassword, newPassword: 'a sentence of her own' };
    expect((await call('POST', '/auth/password', chosen)).status).toBe(204);
    expect((await attest({ requirement: 'privacy-evaluation', result: 'failed' })).status).toBe(201);
    cookie = admin;
    const marks = async (action: string) => {
      const { items } = (await call('GET', `/audit/events?action=${action}`)).body as unknown as {
        items: { after: { oneTimePassword?: true } }[];
      };
      return items.map(({ after }) => after.oneTimePassword);
    };
    expect(await marks('waiver.approved')).toEqual([true]);
    expect((await marks('attestation.signed')).slice(0, 2)).toEqual([undefined, true]);
    expect(await marks('waiver.requested')).toEqual([undefined]);
  });

  it('refuses a waiver with a reason, by another person, and withdraws one for an Admin', async () => {
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const ask = async () =>
      (await call('POST', '/governance/waivers', { versionId, rule: 'G11', reason: 'Later.', endsAt })).body[
        'id'
      ];
    const id = await ask();
    for (const body of [{}, { reason: ' ' }, { reason: 1 }])
      expect((await call('POST', `/governance/waivers/${id}/refuse`, body)).body).toMatchObject({
        ...{ code: 'invalid-input', errors: [{ field: 'reason' }] },
      });
    const own = await call('POST', `/governance/waivers/${id}/refuse`, { reason: 'No.' });
    expect([own.status, own.body]).toMatchObject([409, { code: 'conflict' }]);
    expect((await call('GET', '/governance/summary')).body).toMatchObject({ waiversWaiting: 1 });
    const withdrawn = await call('POST', `/governance/waivers/${id}/withdraw`);
    expect([withdrawn.status, withdrawn.body]).toMatchObject([200, { status: 'withdrawn' }]);
    expect((await call('POST', `/governance/waivers/${id}/withdraw`)).status).toBe(409);
    const again = await ask();
    const admin = cookie;
    const reviewer = { email: 'noor@norrfjard.example', password: 'a sentence of her own' };
    cookie = String((await call('POST', '/auth/sign-in', reviewer)).cookie).split(';')[0] ?? '';
    expect((await call('POST', `/governance/waivers/${again}/withdraw`)).status).toBe(403);
    const refused = await call('POST', `/governance/waivers/${again}/refuse`, { reason: 'No dataset.' });
    expect([refused.status, refused.body]).toMatchObject([
      200,
      { status: 'refused', closedBy: 'Noor Haddad', closedReason: 'No dataset.' },
    ]);
    cookie = admin;
    for (const act of ['refuse', 'withdraw'])
      expect(
        (await call('POST', `/governance/waivers/${crypto.randomUUID()}/${act}`, { reason: 'x' })).status,
      ).toBe(404);
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

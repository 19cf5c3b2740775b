import { Governance } from '@vw/governance';
import { Identity } from '@vw/identity';
import {
  HeldVersions,
  ModelInventory,
  RemovedVersions,
  sourceId,
  type VersionRecord,
} from '@vw/model-inventory';
import { Database } from '@vw/platform';
import { SyncHistory } from '@vw/sync-history';
import type { CreatedApiKey, Me } from '@vw/shared-contracts';
import type { TestApi } from './test-api';

/** For specs: an organization that has something of everything, and its Admin. */
export interface Tenant {
  orgId: string;
  cookie: string;
  /** A key that may all that keys may. */
  key: string;
  runId: string;
  versionId: string;
}

const ORIGIN = 'http://mlflow.example';
const BORN = 1_700_000_000_000;

/** `name` is what tells its data from those of others. */
export async function fillTenant(api: TestApi, name: string): Promise<Tenant> {
  const email = `${name}@x.example`;
  const identity = api.app.get(Identity, { strict: false });
  const { organizationId: orgId, password } = await identity.createOrganization({ name, email });
  const cookie = await api.signIn(email, password);
  const runId = await fillInventory(api, orgId, name);
  await fillConnection(api, orgId);
  const post = async <Shape>(path: string, body: object): Promise<Shape> => {
    const answer = await api.call('POST', path, { cookie, body });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.text}`);
    return answer.json<Shape>();
  };
  const list = await api.call('GET', '/model-inventory/mlflow/versions?sort=version', { cookie });
  const versionId = list.json<{ items: { id: string }[] }>().items[0]?.id ?? '';
  await post('/users', { name: `${name} Viewer`, email: `viewer-${email}`, role: 'viewer' });
  const scopes = ['read', 'sync', 'gate'];
  const { key } = await post<CreatedApiKey>('/api-keys', { name, scopes });
  const evidenceUrl = `https://evidence.example/${name}`;
  const review = { versionId, requirement: 'bias-assessment', result: 'passed', evidenceUrl };
  await post('/governance/attestations', review);
  const endsAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  await post('/governance/waivers', { versionId, rule: 'G02', reason: name, endsAt });
  await api.call('GET', `/governance/gate?model=${name}-model&version=1&target=Production`, { cookie });
  const entries = await api.call('GET', '/model-inventory/entries', { cookie });
  const entryId = entries.json<{ items: { id: string }[] }>().items[0]?.id ?? '';
  await api.call('PATCH', `/model-inventory/entries/${entryId}`, { cookie, body: { owner: name } });
  return { orgId, cookie, key, runId, versionId };
}

/** The person behind a cookie. */
export async function personOf(api: TestApi, cookie: string): Promise<Me> {
  return (await api.call('GET', '/auth/me', { cookie })).json<Me>();
}

/** A live version that changed once, one that is held back and one that was removed. */
async function fillInventory(api: TestApi, orgId: string, name: string): Promise<string> {
  const inventory = api.app.get(ModelInventory, { strict: false });
  const source = sourceId(orgId, ORIGIN, '');
  const tags = new Map([['team', name]]);
  const model = { name: `${name}-model`, createdAt: BORN, updatedAt: BORN, description: name, tags };
  return inRun(api, orgId, async (runId) => {
    const origin = { runId, sourceId: source };
    const [key] = await inventory.applyModels(orgId, origin, [model]);
    if (!key) throw new Error('the model was not stored');
    const versions = ['1', '2', '3'].map((version) => versionOf(key, version, name));
    await inventory.apply(orgId, origin, versions);
    await inventory.apply(
      orgId,
      origin,
      versions.slice(0, 1).map((one) => ({ ...one, description: 'changed' })),
    );
    const { items } = await inventory.versions(orgId, { sort: 'version' });
    const [, held, removed] = items.map(({ id }) => id);
    if (!held || !removed) throw new Error('not every version was stored');
    await api.app.get(RemovedVersions, { strict: false }).stamp(orgId, origin, [removed]);
    await api.app.get(HeldVersions, { strict: false }).hold(orgId, origin, [held]);
  });
}

function versionOf(model: VersionRecord['model'], version: string, name: string): VersionRecord {
  const data = {
    ...{ status: 'FINISHED', experimentId: '1' },
    ...{ metrics: new Map([['auc', 0.9]]), parameters: new Map([['owner', name]]) },
    ...{ commit: name, creator: name, datasets: [{ name, digest: '1', context: 'training' }] },
  };
  return {
    ...{ model, version, createdAt: BORN + Number(version), updatedAt: BORN },
    ...{ stage: 'Production', aliases: ['champion'], description: name, tags: new Map([['team', name]]) },
    ...{ source: `s3://${name}`, runId: `run-${version}` },
    evidence: { id: `run-${version}`, state: 'active', data },
    experiment: { id: '1', name, artifactLocation: `s3://${name}`, lifecycle: 'active' },
  };
}

async function inRun(api: TestApi, orgId: string, work: (runId: string) => Promise<void>): Promise<string> {
  const history = api.app.get(SyncHistory, { strict: false });
  const { run } = await history.request(orgId, 'manual', 'spec');
  const lease = await history.start(orgId, run.id, null);
  if (!lease) throw new Error('the run did not start');
  await work(run.id);
  const end = { status: 'partial', code: 'removals-held', complete: true, held: 1, requests: 1 } as const;
  await history.end(orgId, lease, end);
  await api.app.get(Governance, { strict: false }).evaluate(orgId, run.id);
  return run.id;
}

/** As a save would leave it, but that no MLflow is asked and the secret opens to nothing. */
async function fillConnection(api: TestApi, orgId: string): Promise<void> {
  await api.app.get(Database).orgTransaction(orgId, async (tx) => {
    await tx.execute(
      `INSERT INTO mlflow_connection (org_id, tracking_server_url, request_timeout_seconds, auth_method, verify_tls, poll_seconds, next_sync_at)
       VALUES ($1, $2, 30, 'token', true, 0, now() + interval '1 hour')`,
      [orgId, ORIGIN],
    );
    await tx.execute(
      `INSERT INTO former_source (org_id, tracking_server_url, known_workspaces, revision) VALUES ($1, $2, '{}', 1)`,
      [orgId, ORIGIN],
    );
    await tx.execute(
      `INSERT INTO credential (org_id, slot, format, kid, origin, wrapped_key, sealed) VALUES ($1, 'mlflow-token', 1, 'k1', $2, '', '')`,
      [orgId, ORIGIN],
    );
    await tx.execute(
      `INSERT INTO mlflow_webhook (org_id, hook_id, origin, state) VALUES ($1, gen_random_uuid(), $2, 'enabled')`,
      [orgId, ORIGIN],
    );
    await tx.execute(`INSERT INTO webhook_delivery (org_id, id) VALUES ($1, 'delivered')`, [orgId]);
    await tx.execute(`INSERT INTO unread_delivery (org_id, model_name) VALUES ($1, '"named"')`, [orgId]);
  });
}

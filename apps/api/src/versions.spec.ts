import 'reflect-metadata';
import {
  HeldVersions,
  ModelInventory,
  sourceId,
  type EvidenceRecord,
  type VersionRecord,
} from '@vw/model-inventory';
import type {
  ChangePage,
  KnownModelVersion,
  Me,
  MetricCourse,
  ModelVersionDetail,
  ProblemDetails,
  SyncRun,
} from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { startTestApi, type Answer, type TestApi } from './test-api';

const SETUP = {
  organizationName: 'Norrfjärd Bank',
  name: 'Åsa Lindqvist',
  email: 'asa@norrfjard.example',
  password: 'a passphrase of some length',
};
const MODEL = { name: '与信 "EU", =1', createdAt: 1, updatedAt: 1, description: '', tags: new Map() };

describe('the versions over HTTP', () => {
  let api: TestApi;
  let orgId: string;
  let cookie: string;
  let id: string;

  const get = (path: string): Promise<Answer> =>
    api.call('GET', `/model-inventory/mlflow/${path}`, { cookie });
  const write = async (records: readonly Partial<VersionRecord>[]): Promise<void> => {
    const inventory = api.app.get(ModelInventory, { strict: false });
    const origin = { runId: crypto.randomUUID(), sourceId: sourceId(orgId, 'http://mlflow.example', '') };
    const [model] = await inventory.applyModels(orgId, origin, [MODEL]);
    if (!model) throw new Error('the model was not written');
    const evidence = (auc: number | string): EvidenceRecord => ({
      ...{ id: `r${auc}`, state: 'active' },
      data: {
        ...{ status: 'FINISHED', experimentId: '1' },
        ...{
          metrics: new Map([['auc', auc]]),
          parameters: new Map(),
          ...{ commit: null, creator: 'åsa', datasets: [] },
        },
      },
    });
    const page = records.map((record, n) => ({
      ...{ model, version: String(n + 1), createdAt: 1_700_000_000_000 + n, updatedAt: 1_700_000_000_000 },
      ...{ stage: 'None' as const, aliases: [], description: '', tags: new Map(), source: '', runId: null },
      ...{ evidence: evidence(n === 0 ? 'NaN' : n), experiment: null },
      ...record,
    }));
    await inventory.apply(orgId, origin, page);
  };

  beforeAll(async () => {
    api = await startTestApi();
    const answer = await api.call('POST', '/setup', { body: SETUP });
    orgId = answer.json<Me>().organization.id;
    cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    await write([
      { stage: 'Production', aliases: ['prod', 'champion'] },
      { description: '=HYPERLINK("x")\nof "two" lines' },
    ]);
    id = (await get('versions?sort=version')).json<{ items: { id: string }[] }>().items[0]?.id ?? '';
  });

  afterAll(() => api?.close());

  it('are a table of the fields of a row, with formulas as text', async () => {
    const answer = await get('versions.csv?sort=version');
    expect([answer.status, answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([
      ...[200, 'text/csv; charset=utf-8', 'attachment; filename="model-versions.csv"'],
    ]);
    const [, second] = (await get('versions?sort=version')).json<{ items: { id: string }[] }>().items;
    expect(answer.text).toBe(
      [
        'id,modelName,version,stage,aliases,createdAt,updatedAt,description,removedAt,openGaps,live',
        `${id},"与信 ""EU"", =1",1,Production,champion;prod,2023-11-14T22:13:20.000Z,2023-11-14T22:13:20.000Z,,,,true`,
        `${second?.id},"与信 ""EU"", =1",2,None,,2023-11-14T22:13:20.001Z,2023-11-14T22:13:20.000Z,"'=HYPERLINK(""x"")\nof ""two"" lines",,0,false`,
        '',
      ].join('\r\n'),
    );
  });

  it('are exported by the filters of the list, however few rows a page has', async () => {
    const versions = async (query: string): Promise<string[]> =>
      [...(await get(`versions.csv?${query}`)).text.matchAll(/=1",(\d+),/g)].map(
        ([, version = '']) => version,
      );
    expect(await versions('limit=1&sort=version&order=desc')).toEqual(['2', '1']);
    expect(await versions('stage=Production')).toEqual(['1']);
    expect(await versions('search=%25')).toEqual([]);
    for (const query of ['stage=production', 'sort=live', 'columns=id'])
      expect([query, (await get(`versions.csv?${query}`)).status]).toEqual([query, 422]);
  });

  it('show what was known of one at an instant', async () => {
    const before = (await get(`versions/${id}`)).json<ModelVersionDetail>();
    await write([{ stage: 'Archived', updatedAt: 1_700_000_009_000 }]);
    const [change] = (await get(`versions/${id}/changes`)).json<ChangePage>().items;
    const at = Date.parse(change?.observedAt ?? '');
    const asOf = (instant: string) => get(`versions/${id}?asOf=${encodeURIComponent(instant)}`);
    expect((await asOf(new Date(at - 1).toISOString())).json()).toEqual(before);
    const offset = new Date(at + 7_200_000).toISOString().replace('Z', '+02:00');
    expect((await asOf(offset)).json()).toEqual({
      ...(await get(`versions/${id}`)).json<ModelVersionDetail>(),
      openGaps: 0,
    });
    expect((await asOf('2020-01-01T00:00:00Z')).status).toBe(404);
    expect((await asOf('0101-01-01T00:00:00+23:59')).status).toBe(404);
  });

  it('tell from which whole read they are known, and whether their removal was held back', async () => {
    const history = api.app.get(SyncHistory, { strict: false });
    const read = async (complete: boolean, heldIds: readonly string[] = []): Promise<SyncRun> => {
      const { run } = await history.request(orgId, 'manual', null);
      const lease = await history.start(orgId, run.id, null);
      if (!lease) throw new Error('the run did not start');
      const origin = { runId: run.id, sourceId: sourceId(orgId, 'http://mlflow.example', '') };
      await api.app.get(HeldVersions, { strict: false }).hold(orgId, origin, heldIds);
      const status = complete ? 'succeeded' : 'failed';
      await history.end(orgId, lease, { status, code: null, complete, held: heldIds.length, requests: 1 });
      return history.get(orgId, run.id);
    };
    const known = async (query = '') =>
      (await get(`versions/${id}${query}`)).json<KnownModelVersion>().knownFrom;
    const asOf = (at: number) => known(`?asOf=${new Date(at).toISOString()}`);

    expect(await known()).toBeNull();
    const whole = await read(true);
    const { id: runId, trigger, finishedAt } = whole;
    await read(false);
    expect(await known()).toEqual({ runId, trigger, finishedAt, removalHeld: false });
    const holding = await read(true, [id]);
    expect(await known()).toMatchObject({ runId: holding.id, removalHeld: true });
    const at = Date.parse(holding.finishedAt ?? '');
    expect(await asOf(at)).toMatchObject({ runId: holding.id, removalHeld: true });
    expect(await asOf(at - 1)).toMatchObject({ runId, removalHeld: false });
    expect(await asOf(Date.parse(finishedAt ?? '') - 1)).toBeNull();
    await read(true);
    expect(await asOf(at)).toMatchObject({ removalHeld: true });
    expect(await known()).toMatchObject({ removalHeld: false });
  });

  it('tell who made them and when they were first seen, then as now', async () => {
    const now = (await get(`versions/${id}`)).json<KnownModelVersion>();
    const { items } = (await get(`versions/${id}/changes`)).json<ChangePage>();
    expect([now.creator, now.firstSeenAt]).toEqual(['åsa', items.at(-1)?.observedAt]);
    const then = (await get(`versions/${id}?asOf=${now.firstSeenAt}`)).json<KnownModelVersion>();
    expect([then.creator, then.firstSeenAt]).toEqual([now.creator, now.firstSeenAt]);
  });

  it('refuse an instant that is none, or that lacks its offset', async () => {
    for (const instant of [
      '',
      'now',
      '2026-11-18',
      '2026-11-18T14:00:00',
      '2026-02-30T14:00:00Z',
      '2026-11-18T25:00Z',
      '2026-11-18T14:00:00 01:00',
    ]) {
      const answer = await get(`versions/${id}?asOf=${instant}`);
      expect([instant, answer.status]).toEqual([instant, 422]);
      expect(answer.json<ProblemDetails>()).toMatchObject({
        code: 'invalid-input',
        errors: [{ field: 'asOf' }],
      });
    }
  });

  it('tell how each metric went over the versions of the model', async () => {
    const { metrics } = (await get(`versions/${id}/metric-course`)).json<MetricCourse>();
    expect(metrics).toEqual({
      auc: [
        { versionId: id, version: '1', value: 'NaN' },
        { versionId: expect.any(String), version: '2', value: 1 },
      ],
    });
  });
});

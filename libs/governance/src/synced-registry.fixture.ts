import {
  ModelInventory,
  RemovedVersions,
  sourceId,
  type EvidenceRecord,
  type VersionRecord,
} from '@vw/model-inventory';
import type { Finding, ModelVersionRow, Stage } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { startRooms, type TestRooms } from '@vw/testing';
import pg from 'pg';
import { Entries } from './entries';
import { Governance } from './governance';
import { GovernanceModule } from './governance.module';
import { Reviews, type Signer } from './reviews';

export const JOSE = signer('José Muñoz', 'jose@norrfjard.example');
export const RIN = signer('山田 凛', 'rin@norrfjard.example');

/** A version as a spec tells it; what is left out is that of a live version which only lacks its reviews, owner and risk tier. */
export interface VersionSketch {
  model?: string;
  modelCreatedAt?: number;
  version?: string;
  stage?: Stage;
  aliases?: string[];
  description?: string;
  tags?: Record<string, string>;
  run?: Partial<NonNullable<EvidenceRecord['data']>> | 'none' | 'missing' | 'unreadable';
}

/** An organization whose registry a spec writes as a sync would: through the inventory, within a run, evaluated at its end. */
export class SyncedRegistry {
  private readonly inventory: ModelInventory;
  private readonly history: SyncHistory;
  readonly governance: Governance;
  readonly reviews: Reviews;
  readonly entries: Entries;

  private constructor(
    private readonly rooms: TestRooms,
    readonly orgId: string,
  ) {
    this.inventory = rooms.app.get(ModelInventory, { strict: false });
    this.history = rooms.app.get(SyncHistory, { strict: false });
    this.governance = rooms.app.get(Governance, { strict: false });
    this.reviews = rooms.app.get(Reviews, { strict: false });
    this.entries = rooms.app.get(Entries, { strict: false });
  }

  static async in(rooms: TestRooms): Promise<SyncedRegistry> {
    return new SyncedRegistry(rooms, await rooms.createOrganization());
  }

  /** One whole sync: what is given is written, what is named in `removed` is stamped. Returns the run's id. */
  async sync(sketches: readonly VersionSketch[], removed: readonly string[] = []): Promise<string> {
    const runId = await this.write(sketches, removed);
    await this.governance.evaluate(this.orgId, runId);
    return runId;
  }

  /** A sync whose evaluation has not happened yet. */
  async write(sketches: readonly VersionSketch[], removed: readonly string[] = []): Promise<string> {
    const { orgId, history, inventory } = this;
    const { run } = await history.request(orgId, 'manual', 'spec');
    const lease = await history.start(orgId, run.id, null);
    if (!lease) throw new Error('the run did not start');
    const origin = { runId: run.id, sourceId: sourceId(orgId, 'http://mlflow.example', '') };
    const models = [
      ...new Map(sketches.map((sketch) => [`${nameOf(sketch)}/${bornAt(sketch)}`, sketch])).values(),
    ];
    const keys = await inventory.applyModels(
      orgId,
      origin,
      models.map((sketch) => ({
        ...{
          name: nameOf(sketch),
          createdAt: bornAt(sketch),
          updatedAt: 1,
          description: '',
          tags: new Map(),
        },
      })),
    );
    const keyOf = (sketch: VersionSketch) =>
      keys[models.findIndex((one) => nameOf(one) === nameOf(sketch) && bornAt(one) === bornAt(sketch))];
    const records = sketches.flatMap((sketch) => toRecord(sketch, keyOf(sketch)));
    await inventory.apply(orgId, origin, records);
    if (removed.length > 0)
      await this.rooms.app.get(RemovedVersions, { strict: false }).stamp(orgId, origin, removed);
    const end = { status: 'succeeded', code: null, complete: true, held: 0, requests: 1 } as const;
    await history.end(orgId, lease, end);
    return run.id;
  }

  async row(version = '1', model = 'credit-risk-pd'): Promise<ModelVersionRow> {
    const { items } = await this.inventory.versions(this.orgId, {
      removed: 'true',
      limit: 200,
      search: model,
    });
    const found = items.find((row) => row.version === version);
    if (!found) throw new Error(`no version ${version}`);
    return found;
  }

  async listed(gap: 'any' | 'bias-assessment' | 'security-review'): Promise<string[]> {
    const { items } = await this.inventory.versions(this.orgId, { gap, sort: 'version' });
    return items.map((row) => row.version);
  }

  async finding(rule: string, versionId?: string): Promise<Finding | null> {
    const id = versionId ?? (await this.row()).id;
    return (await this.governance.findings(this.orgId, { rule, versionId: id })).items[0] ?? null;
  }

  async statuses(versionId?: string): Promise<Record<string, string>> {
    const of = versionId === undefined ? {} : { versionId };
    const { items } = await this.governance.findings(this.orgId, { limit: 200, ...of });
    return Object.fromEntries(items.map((one) => [one.rule, one.status]).sort());
  }

  async attestAll(by: Signer = JOSE): Promise<void> {
    const { id } = await this.row();
    for (const requirement of ['bias-assessment', 'security-review', 'privacy-evaluation'] as const)
      await this.reviews.attest(this.orgId, { ...PASSED, versionId: id, requirement }, by);
  }

  /** The event texts of the trail, oldest first. */
  async trail(): Promise<{ action: string; body: string }[]> {
    return this.rooms.database.orgTransaction(this.orgId, (tx) =>
      tx.query('SELECT action, body FROM audit_event WHERE org_id = $1 ORDER BY seq', [this.orgId]),
    );
  }

  /** As the operator of the database: lets time pass over what is stored. */
  async asOperator(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.rooms.test.adminUrl });
    await client.connect();
    await client.query(sql, [this.orgId]);
    await client.end();
  }
}

export const PASSED = { result: 'passed', evidenceUrl: 'https://evidence.example/1' } as const;

export function startGovernance(): Promise<TestRooms> {
  return startRooms([GovernanceModule]);
}

function signer(name: string, email: string): Signer {
  return { actor: { id: crypto.randomUUID(), name, via: 'session' }, email };
}

function nameOf(sketch: VersionSketch): string {
  return sketch.model ?? 'credit-risk-pd';
}

function bornAt(sketch: VersionSketch): number {
  return sketch.modelCreatedAt ?? 1_700_000_000_000;
}

function toRecord(sketch: VersionSketch, model: VersionRecord['model'] | undefined): VersionRecord[] {
  if (!model) return [];
  const version = sketch.version ?? '1';
  const evidence = toEvidence(sketch, `run-${nameOf(sketch)}-${version}`);
  return [
    {
      ...{ model, version, createdAt: 1_700_000_001_000, updatedAt: 1_700_000_002_000 },
      ...{ stage: sketch.stage ?? 'Production', aliases: sketch.aliases ?? [] },
      description: sketch.description ?? 'Probability of default.',
      tags: new Map(Object.entries(sketch.tags ?? { dataset: 'pd_2026q3' })),
      ...{ source: 's3://models/1', runId: evidence?.id ?? null, evidence, experiment: null },
    },
  ];
}

function toEvidence({ run = {} }: VersionSketch, id: string): EvidenceRecord | null {
  if (run === 'none') return null;
  if (run === 'missing' || run === 'unreadable') return { id, state: run, data: null };
  const data = {
    status: 'FINISHED',
    experimentId: '1',
    metrics: new Map([['auc', 0.9]]),
    parameters: new Map(),
    ...{ commit: '3f9c0c1e', creator: null, datasets: [] },
  };
  return { id, state: 'active', data: { ...data, ...run } };
}

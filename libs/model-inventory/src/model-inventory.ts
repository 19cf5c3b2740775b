import { Injectable } from '@nestjs/common';
import { Database, Problem } from '@vw/platform';
import type {
  ChangePage,
  MetricCourse,
  ModelVersionDetail,
  ModelVersionPage,
  ModelVersionRow,
  PageQuery,
  VersionQuery,
} from '@vw/shared-contracts';
import { modelChanges } from './changes';
import {
  countLive,
  countModels,
  selectAllModels,
  selectFacts,
  selectLive,
  selectPending,
  selectRemovedModels,
  selectVersionId,
  updateNotLive,
  updateOpenGaps,
  type OpenGaps,
  type VersionFacts,
} from './evaluation-statements';
import { releaseVersions } from './held-statements';
import type { Applied, ModelKey, ModelRecord, SyncOrigin, VersionRecord } from './records';
import { selectMetricCourse } from './metric-course';
import { writeEvidence, writeExperiments, writeVersions } from './page-writing';
import { toModelRow, toVersionRow } from './row-mapping';
import { selectDetail, selectDetailAsOf } from './version-detail';
import { insertChanges, selectDiffering, selectStoredModels, upsertModels } from './write-statements';
import { listChanges, selectChangeDigest } from './change-statements';
import { foldCounts, selectSummary, type InventoryCounts } from './count-statements';
import { listVersions, selectVersions, type VersionPart } from './read-statements';

/** Rows that an export reads in one statement; about half a megabyte. */
const EXPORTED_AT_ONCE = 1_000;

/** Rows whose gaps are written in one transaction: half a second in which a sync that wants them waits. */
const WRITTEN_AT_ONCE = 5_000;

/**
 * What was synced from MLflow: models, versions, runs, experiments and their change log. Owns those tables. Invariant: a row is written
 * only when it differs, and each difference of a version that anyone could see is logged with the run that observed it.
 */
@Injectable()
export class ModelInventory {
  constructor(private readonly database: Database) {}

  /** Writes the models that are new or differ. Returns the key of each, which its versions need. */
  async applyModels(orgId: string, origin: SyncOrigin, models: readonly ModelRecord[]): Promise<ModelKey[]> {
    const mapped = models.map((model) => toModelRow(origin.sourceId, model));
    await this.database.orgTransaction(orgId, async (tx) => {
      const rows = new Map(mapped.map(({ row }) => [row.id, row]));
      const differing = await selectDiffering(tx, 'model', {
        orgId,
        runId: origin.runId,
        rows: [...rows.values()],
      });
      if (differing.length === 0) return;
      const next = pick(
        rows,
        differing.map((one) => one.id),
      );
      const stored = await selectStoredModels(
        tx,
        orgId,
        next.map((row) => row.id),
      );
      const changes = stored.flatMap((old) => pick(rows, [old.id]).flatMap((row) => modelChanges(old, row)));
      await insertChanges(tx, 'model', { orgId, origin, changes });
      await upsertModels(tx, orgId, origin, next);
    });
    return mapped.map(({ key }) => key);
  }

  /**
   * Writes the versions that are new, differ or were removed before, with their runs and experiments. Equal ones are not touched; none of
   * them is held back any longer.
   * `updated` leaves out what this sync run has counted before.
   */
  async apply(orgId: string, origin: SyncOrigin, page: readonly VersionRecord[]): Promise<Applied> {
    const records = new Map(page.map((record) => [toVersionRow(record), record]));
    const rows = new Map([...records.keys()].map((row) => [row.id, row]));
    const ids = [...rows.keys()];
    return this.database.orgTransaction(orgId, async (tx) => {
      // First: an Admin who confirms their removal now is either waited for, and then undone, or finds none of them.
      await releaseVersions(tx, orgId, ids);
      const differing = await selectDiffering(tx, 'model_version', {
        orgId,
        runId: origin.runId,
        rows: [...rows.values()],
      });
      if (differing.length === 0) return { ids, created: 0, updated: 0 };
      const next = pick(
        rows,
        differing.map((one) => one.id),
      );
      const shown = next.flatMap((row) => records.get(row) ?? []);
      const write = { orgId, origin };
      // Postgres keeps how it checks keys: what was best for a table that was small reads all of it for each row once it is not.
      await tx.execute('DISCARD PLANS');
      await writeExperiments(tx, write, shown);
      await writeEvidence(tx, write, shown);
      await writeVersions(tx, write, next);
      return {
        ids,
        created: differing.filter((one) => one.created).length,
        updated: differing.filter((one) => !one.created && !one.counted).length,
      };
    });
  }

  /** Keeps the counts short that lists and cards sum up; for the end of a sync. */
  async foldCounts(orgId: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => foldCounts(tx, orgId));
  }

  /** SHA-256 of what the sync run changed, in hex: the audit trail keeps it in place of the changes. */
  async digestOfRun(orgId: string, runId: string): Promise<string> {
    return this.database.orgTransaction(orgId, (tx) => selectChangeDigest(tx, orgId, runId));
  }

  async summary(orgId: string): Promise<InventoryCounts> {
    return this.database.orgTransaction(orgId, (tx) => selectSummary(tx, orgId));
  }

  /** Throws `invalid-input` for a cursor of another question. */
  async versions(orgId: string, query: VersionQuery): Promise<ModelVersionPage> {
    return this.database.orgTransaction(orgId, (tx) => listVersions(tx, orgId, query));
  }

  /**
   * Every version of the filters, in parts, each in a transaction of its own, so that whoever reads slowly holds nothing. By model name
   * unless asked otherwise: `stage` and `updatedAt` change while a sync runs, and a row that moves may be met twice or not at all.
   */
  async *allVersions(orgId: string, query: VersionQuery): AsyncGenerator<ModelVersionRow[]> {
    const question = { ...query, sort: query.sort ?? 'modelName' } as const;
    const partAfter = (after: readonly string[]): Promise<VersionPart> =>
      this.database.orgTransaction(orgId, (tx) =>
        selectVersions(tx, orgId, { query: question, after, limit: EXPORTED_AT_ONCE }),
      );
    for (let next: readonly string[] | null = []; next !== null;) {
      const part: VersionPart = await partAfter(next);
      yield part.items;
      next = part.next;
    }
  }

  /** Throws `not-found`. */
  async version(orgId: string, id: string): Promise<ModelVersionDetail> {
    const detail = await this.database.orgTransaction(orgId, (tx) => selectDetail(tx, orgId, id));
    if (!detail) throw new Problem('not-found');
    return detail;
  }

  /** As the detail was at an instant (epoch ms); a later one than now means now. Throws `not-found` before it was first seen. */
  async versionAsOf(orgId: string, id: string, at: number): Promise<ModelVersionDetail> {
    const detail = await this.database.orgTransaction(orgId, (tx) => selectDetailAsOf(tx, orgId, { id, at }));
    if (!detail) throw new Problem('not-found');
    return detail;
  }

  /** Throws `not-found`. */
  async metricCourse(orgId: string, id: string): Promise<MetricCourse> {
    return this.database.orgTransaction(orgId, async (tx) => {
      if (!(await selectDetail(tx, orgId, id))) throw new Problem('not-found');
      return selectMetricCourse(tx, orgId, { id });
    });
  }

  /** Newest first. Throws `not-found` for a version that is not the organization's. */
  async changesOfVersion(orgId: string, id: string, page: PageQuery): Promise<ChangePage> {
    return this.database.orgTransaction(orgId, async (tx) => {
      if (!(await selectDetail(tx, orgId, id))) throw new Problem('not-found');
      return listChanges(tx, { orgId, column: 'version_id', id, page });
    });
  }

  /** Newest first. */
  async changesOfRun(orgId: string, runId: string, page: PageQuery): Promise<ChangePage> {
    return this.database.orgTransaction(orgId, (tx) =>
      listChanges(tx, { orgId, column: 'run_id', id: runId, page }),
    );
  }

  /** Versions whose open gaps are unknown: changed since their evaluation, or never clear. */
  async pendingEvaluation(orgId: string): Promise<{ id: string; live: boolean }[]> {
    return this.database.orgTransaction(orgId, (tx) => selectPending(tx, orgId));
  }

  /** Ids of the live versions that are not removed, of one model where its id is given. */
  async liveVersionIds(orgId: string, modelId: string | null = null): Promise<string[]> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectLive(tx, orgId, modelId));
    return rows.map((row) => row.id);
  }

  async liveCount(orgId: string): Promise<number> {
    return this.database.orgTransaction(orgId, (tx) => countLive(tx, orgId));
  }

  /** What rules may ask of these versions, removed ones too. An id that is not the organization's is left out. */
  async factsOf(orgId: string, ids: readonly string[]): Promise<VersionFacts[]> {
    return this.database.orgTransaction(orgId, (tx) => selectFacts(tx, orgId, ids));
  }

  /** The facts of a version that is not removed, by its names; null where there is none. */
  async factsByName(orgId: string, asked: { model: string; version: string }): Promise<VersionFacts | null> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const id = await selectVersionId(tx, orgId, asked);
      return id ? ((await selectFacts(tx, orgId, [id]))[0] ?? null) : null;
    });
  }

  /** The only way to write open gaps. A version that changed after its facts were read is left unknown. */
  async setOpenGaps(orgId: string, gaps: readonly OpenGaps[]): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => updateOpenGaps(tx, orgId, gaps));
  }

  /** No open gaps for those of these versions that are unknown and not live; a part at a time, each in its transaction. */
  async setNoGapsWhereNotLive(orgId: string, ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += WRITTEN_AT_ONCE) {
      const part = ids.slice(at, at + WRITTEN_AT_ONCE);
      await this.database.orgTransaction(orgId, (tx) => updateNotLive(tx, orgId, part));
    }
  }

  /** Number of models ever seen. */
  async modelCount(orgId: string): Promise<number> {
    return this.database.orgTransaction(orgId, (tx) => countModels(tx, orgId));
  }

  /** Every model ever seen, removed ones too. `createdAt` is text that Postgres reads back unchanged. */
  async everyModel(orgId: string): Promise<{ id: string; name: string; createdAt: string }[]> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectAllModels(tx, orgId));
    return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at }));
  }

  /** Which of these models are gone from MLflow, and since when. */
  async removedModels(orgId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectRemovedModels(tx, orgId, ids));
    return new Map(rows.map((row) => [row.id, row.removed_at]));
  }
}

function pick<Row>(rows: ReadonlyMap<string, Row>, ids: readonly string[]): Row[] {
  return ids.flatMap((id) => rows.get(id) ?? []);
}

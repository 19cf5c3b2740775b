import { Injectable } from '@nestjs/common';
import { Database } from '@vw/platform';
import type { MissingVersion, SyncOrigin } from './records';
import {
  countAppeared,
  selectModels,
  selectOtherSources,
  selectVersionIds,
  selectVersionsForProof,
  stampModels,
  stampOtherModels,
  stampVersions,
} from './removal-statements';

/** Ids that are compared with what a read saw in one go: 100,000 rows at once were 40 MB. */
const IDS_AT_ONCE = 10_000;

/** What vanished upstream: what a sync needs for finding it, and the stamp. Invariant: nothing is deleted, and who calls has proved it gone. */
@Injectable()
export class RemovedVersions {
  constructor(private readonly database: Database) {}

  /** Ids of the versions held of the source, removed ones left out, in parts. */
  async *versionIds(orgId: string, source: string): AsyncGenerator<string[]> {
    for (let after: string | null = null; ;) {
      const part: { source: string; after: string | null; most: number } = {
        source,
        after,
        most: IDS_AT_ONCE,
      };
      const rows = await this.database.orgTransaction(orgId, (tx) => selectVersionIds(tx, orgId, part));
      if (rows.length > 0) yield rows.map((row) => row.id);
      after = rows.at(-1)?.id ?? null;
      if (rows.length < IDS_AT_ONCE) return;
    }
  }

  /** How many of the versions held, and how many of these, were not there before this run. */
  async appeared(
    orgId: string,
    runId: string,
    among: readonly string[],
  ): Promise<{ all: number; among: number }> {
    return this.database.orgTransaction(orgId, (tx) => countAppeared(tx, orgId, { runId, among }));
  }

  /** What is needed to ask MLflow whether these versions are gone. */
  async versionsForProof(orgId: string, ids: readonly string[]): Promise<MissingVersion[]> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectVersionsForProof(tx, orgId, ids));
    return rows.map((row) => ({
      id: row.id,
      modelId: row.model_id,
      modelName: exactName(row.model_name, row.raw_name),
      version: row.version,
      createdAt: row.created_at.getTime(),
      modelCreatedAt: row.model_created_at.getTime(),
    }));
  }

  /** Models held of the source, removed ones left out. `createdAt` is epoch milliseconds. */
  async models(orgId: string, source: string): Promise<{ id: string; name: string; createdAt: number }[]> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectModels(tx, orgId, source));
    return rows.map((row) => ({
      id: row.id,
      name: exactName(row.name, row.raw_name),
      createdAt: row.created_at.getTime(),
    }));
  }

  /** Stamps versions removed; returns how many were not stamped before. */
  async stamp(orgId: string, origin: Pick<SyncOrigin, 'runId'>, ids: readonly string[]): Promise<number> {
    return this.database.orgTransaction(orgId, (tx) => stampVersions(tx, orgId, origin.runId, ids));
  }

  async stampModels(orgId: string, origin: Pick<SyncOrigin, 'runId'>, ids: readonly string[]): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => stampModels(tx, orgId, origin.runId, ids));
  }

  /** Stamps what came from any other server or workspace than was read: an Admin confirmed that when saving the connection. */
  async retireOtherSources(
    orgId: string,
    read: { runId: string; sourceIds: readonly string[] },
  ): Promise<number> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const rows = await selectOtherSources(tx, orgId, read.sourceIds);
      await stampOtherModels(tx, orgId, read);
      return rows.length === 0
        ? 0
        : stampVersions(
            tx,
            orgId,
            read.runId,
            rows.map((row) => row.id),
          );
    });
  }
}

function exactName(shown: string, raw: string | null): string {
  return raw === null ? shown : String(JSON.parse(raw));
}

import { Injectable } from '@nestjs/common';
import { Database } from '@vw/platform';
import type { ModelVersionPage, PageQuery } from '@vw/shared-contracts';
import {
  holdVersions,
  listHeldVersions,
  releaseVersions,
  selectEmptiedModels,
  selectIsHeld,
  selectWaits,
  takeHeldIds,
} from './held-statements';
import type { SyncOrigin } from './records';
import { stampModels, stampVersions } from './removal-statements';

/** Versions that whole reads did not see and that nothing proves gone. Owns `held_version`. Invariant: nobody but an Admin decides. */
@Injectable()
export class HeldVersions {
  constructor(private readonly database: Database) {}

  /** Holds back what this run did not see; whoever was seen again is let go. `listed`: ids of the models that it did see. */
  async hold(
    orgId: string,
    { runId, listed = [] }: Pick<SyncOrigin, 'runId'> & { listed?: readonly string[] },
    ids: readonly string[],
  ): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => holdVersions(tx, orgId, { runId, listed }, ids));
  }

  /** Lets all go. */
  async release(orgId: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => releaseVersions(tx, orgId, null));
  }

  /** The versions that the run held back, by name; those decided since as well. Throws `invalid-input` for a foreign cursor. */
  async list(orgId: string, runId: string, page: PageQuery): Promise<ModelVersionPage> {
    return this.database.orgTransaction(orgId, (tx) => listHeldVersions(tx, { orgId, runId, page }));
  }

  /** Whether the run did not see the version and held its removal back; also where that was decided since. */
  async holds(orgId: string, runId: string, versionId: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, (tx) => selectIsHeld(tx, orgId, { runId, versionId }));
  }

  /** Whether the version waits for an Admin's word: neither seen again nor decided. */
  async waits(orgId: string, versionId: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, (tx) => selectWaits(tx, orgId, versionId));
  }

  /** Stamps what the run holds back to this moment, and the models that it did not see either. Returns how many versions. */
  async confirm(orgId: string, runId: string): Promise<number> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const held = await takeHeldIds(tx, orgId, runId);
      const idsOf = (rows: typeof held): string[] => rows.map((row) => row.version_id);
      const removed = await stampVersions(tx, orgId, runId, idsOf(held));
      const unlisted = idsOf(held.filter((row) => !row.model_listed));
      const emptied = (await selectEmptiedModels(tx, orgId, unlisted)).map((row) => row.id);
      await stampModels(tx, orgId, runId, emptied);
      return removed;
    });
  }
}

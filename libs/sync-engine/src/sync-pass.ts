import { MlflowError, type MlflowClient, type ModelVersion, type RegisteredModel } from '@vw/mlflow-client';
import type {
  Applied,
  HeldVersions,
  ModelInventory,
  RemovedVersions,
  SyncOrigin,
  VersionRecord,
} from '@vw/model-inventory';
import type { SyncPhase } from '@vw/shared-contracts';
import type { Lease, SyncHistory } from '@vw/sync-history';
import { RegistryReader, type KnownModel } from './registry-reader';
import { isMassRemoval, RemovalCheck } from './removal-check';
import { SeenVersions } from './seen-versions';

/** Absences that are proved side by side. */
const PROOFS_AT_ONCE = 4;

export interface PassContext {
  orgId: string;
  lease: Lease;
  client: MlflowClient;
  origin: SyncOrigin;
  inventory: ModelInventory;
  held: HeldVersions;
  removed: RemovedVersions;
  history: SyncHistory;
  /** Runs its work in one transaction that only the newest attempt can commit. */
  write<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Tells browsers that the inventory changed; inside `write`. */
  changed(): Promise<void>;
}

export interface PassResult {
  /** Versions that were not seen and wait for an Admin. */
  held: number;
}

/** From here on one listing of all versions costs less than asking model by model: some ms each, or half a second with passwords. */
const MODELS_WORTH_A_LISTING = 25;

/** One reading of the registry: models → experiments → versions with their runs → after a whole one, what was not seen. */
export class SyncPass {
  private readonly seen = new SeenVersions();
  private readonly known = new Map<string, KnownModel | null>();
  private models = 0;

  constructor(private readonly context: PassContext) {}

  /** Throws MlflowError, LeaseLost, or the signal's reason. */
  async read(signal: AbortSignal): Promise<PassResult> {
    const { client } = this.context;
    await client.probe(signal);
    await this.report('reading', null);
    for await (const page of client.registeredModels(signal)) await this.applyModels(page);
    const experiments = await client.experiments(signal);
    const reader = new RegistryReader(client, experiments, (name) => this.modelOf(name, signal));
    await this.applyAll(reader.versions(client.modelVersions(signal), signal), signal);
    await this.report('checking-removals', null);
    return this.checkRemovals(signal);
  }

  /** Reads these models with all their versions: an alias that moves, and a model's tags, change what versions say that were not touched. */
  async readModels(names: readonly string[], signal: AbortSignal): Promise<void> {
    const { client } = this.context;
    await this.report('reading', null);
    const found: string[] = [];
    for (const name of names) if (await this.isReadable(name, signal)) found.push(name);
    if (found.length === 0) return;
    const experiments = await client.experiments(signal);
    const reader = new RegistryReader(client, experiments, async (name) => this.known.get(name) ?? null);
    await this.applyAll(reader.versions(versionsOf(client, found, signal), signal), signal);
  }

  private async isReadable(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      return (await this.modelOf(name, signal)) !== null;
    } catch (error) {
      // One model that this account may not read is left out by the listings as well; a server that denies all denies those.
      if (error instanceof MlflowError && error.code === 'mlflow-forbidden') return false;
      throw error;
    }
  }

  private async applyAll(chunks: AsyncIterable<VersionRecord[]>, signal: AbortSignal): Promise<void> {
    for await (const chunk of chunks) {
      await this.applyVersions(chunk);
      signal.throwIfAborted();
    }
  }

  private async applyModels(page: readonly RegisteredModel[]): Promise<void> {
    const { context } = this;
    await context.write(async () => {
      const keys = await context.inventory.applyModels(context.orgId, context.origin, page);
      page.forEach((model, index) => {
        const key = keys[index];
        if (key) this.known.set(model.name, { key, aliases: model.aliases });
      });
      this.models += page.length;
      await this.progress('reading', page.at(-1)?.name ?? null, NOTHING);
    });
  }

  private async applyVersions(chunk: readonly VersionRecord[]): Promise<void> {
    const { context } = this;
    await context.write(async () => {
      const { ids, ...counted } = await context.inventory.apply(context.orgId, context.origin, chunk);
      for (const id of ids) this.seen.add(id);
      await this.progress('reading', chunk.at(-1)?.model.name ?? null, { ...counted, removed: 0 });
      if (counted.created + counted.updated > 0) await context.changed();
    });
  }

  /** A model registered after the models were read is asked for by its name. */
  private async modelOf(name: string, signal: AbortSignal): Promise<KnownModel | null> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const late = await this.context.client.registeredModel(name, signal);
    if (late && !late.isPrompt) await this.applyModels([late]);
    else this.known.set(name, null);
    return this.known.get(name) ?? null;
  }

  private async checkRemovals(signal: AbortSignal): Promise<PassResult> {
    const { context } = this;
    const { orgId, origin } = context;
    let held = 0;
    const missing: string[] = [];
    for await (const part of context.removed.versionIds(orgId, origin.sourceId)) {
      held += part.length;
      missing.push(...part.filter((id) => !this.seen.has(id)));
    }
    const check = new RemovalCheck(context.client, signal);
    if (!(await this.areGone(missing, held, check))) {
      await context.write(() => context.held.hold(orgId, origin, missing));
      return { held: missing.length };
    }
    const models = await this.goneModels(check);
    await context.write(async () => {
      await context.held.release(orgId);
      const retired = await context.removed.retireOtherSources(orgId, origin);
      const removed = missing.length > 0 ? await context.removed.stamp(orgId, origin, missing) : 0;
      if (models.length > 0) await context.removed.stampModels(orgId, origin, models);
      await context.inventory.foldCounts(orgId);
      await this.progress('checking-removals', null, { ...NOTHING, removed: removed + retired });
    });
    return { held: 0 };
  }

  private async areGone(missing: readonly string[], held: number, check: RemovalCheck): Promise<boolean> {
    if (missing.length === 0) return true;
    if (isMassRemoval(missing.length, held)) return false;
    const versions = await this.context.removed.versionsForProof(this.context.orgId, missing);
    return (await inParallel(versions, (version) => check.isGone(version))).every(Boolean);
  }

  private async goneModels(check: RemovalCheck): Promise<string[]> {
    const { orgId, origin, removed } = this.context;
    const listed = new Set([...this.known.values()].map((model) => model?.key.id));
    const unlisted = (await removed.models(orgId, origin.sourceId)).filter((model) => !listed.has(model.id));
    const gone = await inParallel(unlisted, (model) => check.isModelGone(model.name, model.createdAt));
    return unlisted.filter((_, index) => gone[index]).map((model) => model.id);
  }

  private async report(phase: SyncPhase, currentModel: string | null): Promise<void> {
    await this.context.write(() => this.progress(phase, currentModel, NOTHING));
  }

  private async progress(
    phase: SyncPhase,
    currentModel: string | null,
    counted: Omit<Applied, 'ids'> & { removed: number },
  ): Promise<void> {
    const { orgId, lease, client, history } = this.context;
    await history.progress(orgId, lease, {
      phase,
      currentModel: currentModel?.toWellFormed().replaceAll('\0', '\u2400') ?? null,
      models: this.models,
      versions: this.seen.size,
      requests: client.requests,
      ...counted,
    });
  }
}

/** Model by model, or all of them at once where there are many, or one whose name no filter holds. */
async function* versionsOf(
  client: MlflowClient,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<ModelVersion[]> {
  const wanted = new Set(names);
  const byName = names.map((name) => client.modelVersionsOf(name, signal)).filter((pages) => pages !== null);
  const isByName = byName.length === names.length && names.length <= MODELS_WORTH_A_LISTING;
  for (const pages of isByName ? byName : [client.modelVersions(signal)])
    for await (const page of pages) yield page.filter((version) => wanted.has(version.name));
}

const NOTHING = { created: 0, updated: 0, removed: 0 };

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += PROOFS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + PROOFS_AT_ONCE).map(work))));
  }
  return results;
}

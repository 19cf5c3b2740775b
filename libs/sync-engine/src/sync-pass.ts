import {
  MlflowError,
  type MlflowClient,
  type ModelVersion,
  type Probe,
  type RegisteredModel,
} from '@vw/mlflow-client';
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

const A_DAY_MS = 86_400_000;
/** Absences that are proved side by side. */
const PROOFS_AT_ONCE = 4;

export interface PassContext {
  orgId: string;
  lease: Lease;
  client: MlflowClient;
  origin: SyncOrigin;
  /** What of the server is read. */
  registries(signal: AbortSignal): Promise<readonly ReadRegistry[]>;
  probed(probe: Probe): Promise<void>;
  inventory: ModelInventory;
  held: HeldVersions;
  removed: RemovedVersions;
  history: SyncHistory;
  /** Runs its work in one transaction that only the newest attempt can commit. */
  write<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Tells browsers that the inventory changed; inside `write`. */
  changed(): Promise<void>;
}

/** One registry of the server, and how its records are marked; without a client, one that is not to be seen now. */
export interface ReadRegistry {
  client: MlflowClient | null;
  origin: SyncOrigin;
}

/** What is held of a registry and was not seen. */
interface Missing extends ReadRegistry {
  ids: readonly string[];
}

/** Of which model, and when made, in epoch milliseconds. */
type Dated = Pick<ModelVersion, 'name' | 'createdAt'>;

/** By source; null where nobody can be asked. */
type Checks = ReadonlyMap<string, RemovalCheck | null>;

export interface PassResult {
  /** Versions that were not seen and wait for an Admin. */
  held: number;
}

/** From here on one listing of all versions costs less than asking model by model: some ms each, or half a second with passwords. */
const MODELS_WORTH_A_LISTING = 25;

/**
 * One reading of the registry, of each workspace in turn: models → experiments → versions with their runs → after a whole one, what was not
 * seen.
 */
export class SyncPass {
  private readonly seen = new SeenVersions();
  private readonly listed = new Set<string>();
  private models = 0;
  /** Where it reads now, and the models found there. */
  private client: MlflowClient;
  private origin: SyncOrigin;
  private known = new Map<string, KnownModel | null>();
  /** Models that were asked for again since they were listed. */
  private readonly askedAgain = new Set<string>();
  /** Those that are asked for at this moment: two chunks are read side by side. */
  private readonly asking = new Map<string, Promise<KnownModel | null>>();

  constructor(private readonly context: PassContext) {
    this.client = context.client;
    this.origin = context.origin;
  }

  /** Throws MlflowError, LeaseLost, or the signal's reason. */
  async read(signal: AbortSignal): Promise<PassResult> {
    await this.context.probed(await this.context.client.probe(signal));
    await this.report('reading', null);
    const registries = await this.context.registries(signal);
    for (const registry of registries) if (this.enter(registry)) await this.readRegistry(signal);
    await this.report('checking-removals', null);
    return this.checkRemovals(registries, signal);
  }

  /** Reads these models with all their versions: an alias that moves, and a model's tags, change what versions say that were not touched. */
  async readModels(names: readonly string[], signal: AbortSignal): Promise<void> {
    await this.report('reading', null);
    for (const registry of await this.context.registries(signal))
      if (this.enter(registry)) await this.readModelsHere(names, signal);
  }

  /** False for one that is not to be seen now. */
  private enter({ client, origin }: ReadRegistry): boolean {
    if (!client) return false;
    [this.client, this.origin, this.known] = [client, origin, new Map()];
    this.askedAgain.clear();
    return true;
  }

  private async readRegistry(signal: AbortSignal): Promise<void> {
    const { client } = this;
    for await (const page of client.registeredModels(signal)) await this.applyModels(page);
    // Versions come after: an older list of them could place one under a model that was made again since.
    await this.applyAll((reading) => client.modelVersions(reading), signal);
  }

  private async readModelsHere(names: readonly string[], signal: AbortSignal): Promise<void> {
    const found: string[] = [];
    for (const name of names)
      if (await this.readableModelOf({ name, createdAt: 0 }, signal)) found.push(name);
    if (found.length > 0) await this.applyAll((reading) => versionsOf(this.client, found, reading), signal);
  }

  /** Null for one that this account may not read: the listing of models leaves it out as well, that of versions on MLflow 2 does not. */
  private async readableModelOf(version: Dated, signal: AbortSignal): Promise<KnownModel | null> {
    try {
      return await this.modelOf(version, signal);
    } catch (error) {
      // A server that denies all denies the listings, too.
      if (!(error instanceof MlflowError) || error.code !== 'mlflow-forbidden') throw error;
      this.known.set(version.name, null);
      return null;
    }
  }

  private async applyAll(
    versions: (signal: AbortSignal) => AsyncGenerator<ModelVersion[]>,
    signal: AbortSignal,
  ): Promise<void> {
    const { client } = this;
    const ended = new AbortController();
    const experiments = await client.experiments(signal);
    const reader = new RegistryReader(client, experiments, (version) =>
      this.readableModelOf(version, signal),
    );
    try {
      const pages = versions(AbortSignal.any([signal, ended.signal]));
      for await (const chunk of reader.versions(pages, signal)) {
        await this.applyVersions(chunk);
        signal.throwIfAborted();
      }
    } finally {
      // A page may be on its way that nobody waits for.
      ended.abort();
    }
  }

  private async applyModels(page: readonly RegisteredModel[]): Promise<void> {
    const { context } = this;
    await context.write(async () => {
      const keys = await context.inventory.applyModels(context.orgId, this.origin, page);
      const fresh = page.filter(({ name }) => !this.known.has(name)).length;
      page.forEach((model, index) => {
        const key = keys[index];
        if (!key) return;
        this.known.set(model.name, { key, aliases: model.aliases, updatedAt: model.updatedAt });
        this.listed.add(key.id);
      });
      this.models += fresh;
      await this.progress('reading', page.at(-1)?.name ?? null, NOTHING);
    });
  }

  private async applyVersions(chunk: readonly VersionRecord[]): Promise<void> {
    const { context } = this;
    await context.write(async () => {
      const { ids, ...counted } = await context.inventory.apply(context.orgId, this.origin, chunk);
      for (const id of ids) this.seen.add(id);
      await this.progress('reading', chunk.at(-1)?.model.name ?? null, { ...counted, removed: 0 });
      if (counted.created + counted.updated > 0) await context.changed();
    });
  }

  /**
   * A model registered after the models were read is asked for by its name; so is one that has a version younger than its last change, once,
   * for it was deleted and made again: the version would stand under the old one, and what people answer for there would be said of it.
   */
  private async modelOf({ name, createdAt }: Dated, signal: AbortSignal): Promise<KnownModel | null> {
    const known = this.known.get(name);
    if (known === null || (known && !isYounger(createdAt, known))) return known;
    const pending = this.asking.get(name);
    if (pending) return pending;
    if (known && this.askedAgain.has(name)) return known;
    if (known) this.askedAgain.add(name);
    const asked = this.readModel(name, signal).finally(() => this.asking.delete(name));
    this.asking.set(name, asked);
    return asked;
  }

  private async readModel(name: string, signal: AbortSignal): Promise<KnownModel | null> {
    const late = await this.client.registeredModel(name, signal);
    if (late && !late.isPrompt) await this.applyModels([late]);
    else this.known.set(name, null);
    return this.known.get(name) ?? null;
  }

  private async checkRemovals(registries: readonly ReadRegistry[], signal: AbortSignal): Promise<PassResult> {
    const { orgId, lease, held, removed, write } = this.context;
    const run = { runId: lease.runId };
    const { missing, total } = await this.findMissing(registries);
    const ids = missing.flatMap((registry) => registry.ids);
    const checks = new Map(
      registries.map(({ client, origin }) => [origin.sourceId, client && new RemovalCheck(client, signal)]),
    );
    if ((await this.isMass(ids, total)) || !(await this.areGone(missing, checks))) {
      await write(() => held.hold(orgId, { ...run, listed: [...this.listed] }, ids));
      return { held: ids.length };
    }
    const models = await this.goneModels(checks);
    await write(async () => {
      await held.release(orgId);
      const retired = await removed.retireOtherSources(orgId, { ...run, sourceIds: [...checks.keys()] });
      const stamped = ids.length > 0 ? await removed.stamp(orgId, run, ids) : 0;
      if (models.length > 0) await removed.stampModels(orgId, run, models);
      await this.progress('checking-removals', null, { ...NOTHING, removed: stamped + retired });
    });
    return { held: 0 };
  }

  /** Of what was there before this run: another server in place of the old one brings its own versions. */
  private async isMass(ids: readonly string[], total: number): Promise<boolean> {
    if (ids.length === 0) return false;
    const { orgId, lease, removed } = this.context;
    const appeared = await removed.appeared(orgId, lease.runId, ids);
    return isMassRemoval(ids.length - appeared.among, total - appeared.all);
  }

  private async findMissing(
    registries: readonly ReadRegistry[],
  ): Promise<{ missing: Missing[]; total: number }> {
    const missing: Missing[] = [];
    let total = 0;
    for (const registry of registries) {
      const ids: string[] = [];
      for await (const part of this.context.removed.versionIds(
        this.context.orgId,
        registry.origin.sourceId,
      )) {
        total += part.length;
        ids.push(...part.filter((id) => !this.seen.has(id)));
      }
      missing.push({ ...registry, ids });
    }
    return { missing, total };
  }

  private async areGone(missing: readonly Missing[], checks: Checks): Promise<boolean> {
    for (const { origin, ids } of missing) {
      if (ids.length === 0) continue;
      const check = checks.get(origin.sourceId);
      // Nobody can be asked about a workspace that is not to be seen: it may be deleted, or hidden.
      if (!check) return false;
      const versions = await this.context.removed.versionsForProof(this.context.orgId, ids);
      if (!(await inParallel(versions, (version) => check.isGone(version))).every(Boolean)) return false;
    }
    return true;
  }

  private async goneModels(checks: Checks): Promise<string[]> {
    const gone: string[] = [];
    for (const [sourceId, check] of checks) {
      const models = await this.context.removed.models(this.context.orgId, sourceId);
      const unlisted = models.filter((model) => !this.listed.has(model.id));
      if (!check || unlisted.length === 0) continue;
      const proofs = await inParallel(unlisted, (model) => check.isModelGone(model.name, model.createdAt));
      gone.push(...unlisted.filter((_, index) => proofs[index]).map((model) => model.id));
    }
    return gone;
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

/** By MLflow's clock alone. What is older than any run tells nothing new, of servers that do not note the last change of a model. */
function isYounger(createdAt: number, { updatedAt }: KnownModel): boolean {
  return createdAt > updatedAt && createdAt > Date.now() - A_DAY_MS;
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

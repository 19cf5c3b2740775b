import type { MlflowApi } from '../mlflow/mlflow-api.ts';
import type { Dice } from './dice.ts';

interface Version {
  number: string;
  runId: string | null;
  tags: Set<string>;
}

interface Model {
  name: string;
  versions: Version[];
  aliases: Set<string>;
}

const KINDS = {
  createModel: 4,
  createVersion: 14,
  deleteVersion: 3,
  deleteModel: 1,
  reviveModel: 1,
  renameModel: 1,
  stage: 8,
  setAlias: 8,
  deleteAlias: 3,
  setTag: 10,
  deleteTag: 3,
  modelTag: 5,
  modelDescription: 4,
  versionDescription: 6,
  metrics: 10,
  deleteRun: 2,
  restoreRun: 2,
} as const;

/** Few enough that most edits meet something that was edited before. */
const MOST_MODELS = 25;
const ALIASES = ['champion', 'challenger', 'prod', 'shadow'];
const STAGES = ['None', 'Staging', 'Production', 'Archived'];
const TEXTS = ['', 'one', '与信 "EU"', '<b>bold</b>', "it's 100 % fine", 'line\nbreak', 'x'.repeat(3_000)];
const VALUES = [0, 1.5, -2e-9, 5e-324, 'NaN', 'Infinity', '-Infinity'] as const;

/** Edits a real registry at random, through MLflow's own API. What it knows of the registry is what it did to it. */
export class RegistryEdits {
  private readonly api: MlflowApi;
  private readonly dice: Dice;
  private readonly models: Model[] = [];
  private readonly deletedRuns: string[] = [];
  private made = 0;

  constructor(api: MlflowApi, dice: Dice) {
    this.api = api;
    this.dice = dice;
  }

  /** One edit. Returns its name; one that finds nothing to work on makes something. */
  async next(): Promise<string> {
    const kind = this.dice.weighed(KINDS);
    const done = await this.edit(kind);
    if (done) return kind;
    if (this.models.length < MOST_MODELS) {
      await this.createModel();
      return 'createModel';
    }
    await this.createVersion(this.dice.pick(this.models));
    return 'createVersion';
  }

  private async edit(kind: keyof typeof KINDS): Promise<boolean> {
    if (kind === 'createModel') return this.models.length < MOST_MODELS && this.createModel();
    if (kind === 'restoreRun') return this.restoreRun();
    const model = this.models.length > 0 ? this.dice.pick(this.models) : null;
    if (!model) return false;
    if (kind === 'createVersion') return this.createVersion(model);
    if (kind === 'deleteModel' || kind === 'reviveModel')
      return this.deleteModel(model, kind === 'reviveModel');
    if (kind === 'renameModel') return this.renameModel(model);
    if (kind === 'modelTag')
      return after(this.api.setModelTag(model.name, this.key(), this.dice.pick(TEXTS)));
    if (kind === 'modelDescription') return after(this.api.updateModel(model.name, this.dice.pick(TEXTS)));
    if (kind === 'deleteAlias') return this.deleteAlias(model);
    const version = model.versions.length > 0 ? this.dice.pick(model.versions) : null;
    return version !== null && this.editVersion(kind, model, version);
  }

  private async editVersion(kind: keyof typeof KINDS, model: Model, version: Version): Promise<boolean> {
    const { name } = model;
    switch (kind) {
      case 'deleteVersion':
        model.versions = model.versions.filter((one) => one !== version);
        return after(this.api.deleteVersion(name, version.number));
      case 'stage':
        return after(this.api.setStage(name, version.number, this.dice.pick(STAGES)));
      case 'setAlias': {
        const alias = this.dice.pick(ALIASES);
        model.aliases.add(alias);
        return after(this.api.setAlias(name, alias, version.number));
      }
      case 'setTag': {
        const key = this.key();
        version.tags.add(key);
        return after(this.api.setVersionTag(name, version.number, key, this.dice.pick(TEXTS)));
      }
      case 'deleteTag': {
        const [key] = version.tags;
        if (key === undefined) return false;
        version.tags.delete(key);
        return after(this.api.deleteVersionTag(name, version.number, key));
      }
      case 'versionDescription':
        return after(this.api.updateVersion(name, version.number, this.dice.pick(TEXTS)));
      case 'metrics':
        return version.runId !== null && !this.deletedRuns.includes(version.runId) && this.log(version.runId);
      case 'deleteRun':
        if (version.runId === null || this.deletedRuns.includes(version.runId)) return false;
        this.deletedRuns.push(version.runId);
        return after(this.api.deleteRun(version.runId));
      default:
        return false;
    }
  }

  private async createModel(): Promise<boolean> {
    this.made += 1;
    const name = `${this.dice.pick(['model', 'modèle', 'mod%el', ' led by a blank'])} ${this.made}`;
    this.models.push({ name, versions: [], aliases: new Set() });
    return after(this.api.createModel(name, { description: this.dice.pick(TEXTS) }));
  }

  private async createVersion(model: Model): Promise<boolean> {
    const data = {
      metrics: { auc: this.dice.number(100) / 100 },
      params: { depth: String(this.dice.number(9)) },
    };
    const runId = this.dice.number(5) === 0 ? null : await this.api.createRun('0', data);
    const number = await this.api.createVersion(model.name, runId === null ? {} : { runId });
    model.versions.push({ number, runId, tags: new Set() });
    return true;
  }

  /** A model made again under its name is another model. */
  private async deleteModel(model: Model, again: boolean): Promise<boolean> {
    await this.api.deleteModel(model.name);
    model.versions = [];
    model.aliases.clear();
    if (again) return after(this.api.createModel(model.name));
    this.models.splice(this.models.indexOf(model), 1);
    return true;
  }

  private async renameModel(model: Model): Promise<boolean> {
    this.made += 1;
    const name = `renamed ${this.made}`;
    await this.api.renameModel(model.name, name);
    model.name = name;
    return true;
  }

  private async deleteAlias(model: Model): Promise<boolean> {
    const [alias] = model.aliases;
    if (alias === undefined) return false;
    model.aliases.delete(alias);
    return after(this.api.deleteAlias(model.name, alias));
  }

  private async restoreRun(): Promise<boolean> {
    const runId = this.deletedRuns.shift();
    return runId !== undefined && after(this.api.restoreRun(runId));
  }

  private log(runId: string): Promise<boolean> {
    return after(this.api.logMetrics(runId, { [this.key()]: this.dice.pick(VALUES) }));
  }

  private key(): string {
    return `key ${this.dice.number(4)}`;
  }
}

async function after(done: Promise<unknown>): Promise<true> {
  await done;
  return true;
}

import { MlflowError, type MlflowClient } from '@vw/mlflow-client';
import type { MissingVersion } from '@vw/model-inventory';

/** More versions missing than both of these at once look like lost rights, not like work: nothing is stamped then. */
const MOST_MISSING_SHARE = 0.1;
const MOST_MISSING = 20;

/** Whether so many missing versions, of those held before the run, must wait for an Admin, proved gone or not. */
export function isMassRemoval(missing: number, held: number): boolean {
  return missing > 0 && (missing === held || (missing > held * MOST_MISSING_SHARE && missing > MOST_MISSING));
}

/**
 * Asks MLflow for each missing version by name. Gone is only what a 404 of the version or its model proves, or an answer with another
 * creation time: it was deleted and made again. Whatever else is answered, 403 above all, proves nothing.
 */
export class RemovalCheck {
  private readonly models = new Map<string, Promise<number | null>>();

  constructor(
    private readonly client: MlflowClient,
    private readonly signal: AbortSignal,
  ) {}

  async isGone(version: MissingVersion): Promise<boolean> {
    return provedBy(this.versionIsGone(version));
  }

  async isModelGone(name: string, createdAt: number): Promise<boolean> {
    return provedBy(this.modelCreatedAt(name).then((found) => found !== createdAt));
  }

  private async versionIsGone(version: MissingVersion): Promise<boolean> {
    const modelCreatedAt = await this.modelCreatedAt(version.modelName);
    if (modelCreatedAt === null || modelCreatedAt !== version.modelCreatedAt) return true;
    const found = await this.client.modelVersion(version.modelName, version.version, this.signal);
    return found === null || found.createdAt !== version.createdAt;
  }

  /** Null: MLflow says that there is no such model. */
  private modelCreatedAt(name: string): Promise<number | null> {
    const known = this.models.get(name);
    if (known) return known;
    const asked = this.client.registeredModel(name, this.signal).then((model) => model?.createdAt ?? null);
    this.models.set(name, asked);
    return asked;
  }
}

async function provedBy(proof: Promise<boolean>): Promise<boolean> {
  try {
    return await proof;
  } catch (error) {
    // Rights that were taken away prove nothing; any other fault ends the run as it would elsewhere.
    if (error instanceof MlflowError && error.code === 'mlflow-forbidden') return false;
    throw error;
  }
}

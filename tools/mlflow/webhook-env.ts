import { randomBytes } from 'node:crypto';

/** What an operator of MLflow sets to have it deliver webhooks to this machine, from each of its processes alike, and at once. */
export function webhookEnv(): Record<string, string> {
  const fernetKey = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return {
    MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http,https',
    MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
    MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: fernetKey,
    MLFLOW_WEBHOOK_CACHE_TTL: '0',
  };
}

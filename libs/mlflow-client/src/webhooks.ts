import { type Fields, objectIn, optionalTextIn, textIn } from './fields';
import type { Secret } from './egress/secret';
import { isMissing } from './run-reader';
import type { RestApi } from './rest-api';

/** All that MLflow tells of models; it has no event for stages, descriptions, tags of models, renamings, removals and runs. */
const EVENTS = [
  { entity: 'REGISTERED_MODEL', action: 'CREATED' },
  { entity: 'MODEL_VERSION', action: 'CREATED' },
  { entity: 'MODEL_VERSION_TAG', action: 'SET' },
  { entity: 'MODEL_VERSION_TAG', action: 'DELETED' },
  { entity: 'MODEL_VERSION_ALIAS', action: 'CREATED' },
  { entity: 'MODEL_VERSION_ALIAS', action: 'DELETED' },
];

export interface WebhookRegistration {
  /** Letters, digits, dots, hyphens and underscores, at most 62. */
  name: string;
  /** https, and public as MLflow sees it, unless its administrator allows otherwise. */
  url: string;
  /** Signs the deliveries. */
  secret: Secret;
}

/** A registration as MLflow lists it. */
export interface Webhook {
  id: string;
  name: string | null;
}

/** Registers for all events of models. Returns the id that MLflow gave it. */
export async function createWebhook(
  api: RestApi,
  { name, url, secret }: WebhookRegistration,
  signal: AbortSignal | undefined,
): Promise<string> {
  const body = { name, url, secret: secret.reveal(), events: EVENTS, status: 'ACTIVE' };
  const answer = await api.post('webhooks', body, { signal });
  return textIn(objectIn(answer, 'webhook'), 'webhook_id');
}

export function readWebhook(fields: Fields): Webhook {
  return { id: textIn(fields, 'webhook_id'), name: optionalTextIn(fields, 'name') };
}

/** One that is gone already is no fault. */
export async function deleteWebhook(
  api: RestApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await api.delete(`webhooks/${encodeURIComponent(id)}`, { signal });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Has MLflow deliver an example. True where it was taken. */
export async function testWebhook(
  api: RestApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const answer = await api.post(`webhooks/${encodeURIComponent(id)}/test`, {}, { signal });
  return objectIn(answer, 'result')['success'] === true;
}

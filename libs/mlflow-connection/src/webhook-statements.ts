import type { Transaction } from '@vw/platform';

/** `testing`: MLflow delivers an example and nothing counts yet. `left`: off here, and MLflow may hold it still. */
export type WebhookState = 'testing' | 'enabled' | 'left';

export interface WebhookRow {
  hookId: string;
  /** Of the tracking server that holds the other half of the secret. */
  origin: string;
  state: WebhookState;
  lastDeliveryAt: Date | null;
}

export async function selectWebhook(tx: Transaction, orgId: string): Promise<WebhookRow | null> {
  const [row] = await tx.query<WebhookRow>(
    `SELECT hook_id AS "hookId", origin, state, last_delivery_at AS "lastDeliveryAt"
     FROM mlflow_webhook WHERE org_id = $1`,
    [orgId],
  );
  return row ?? null;
}

export async function putWebhook(
  tx: Transaction,
  orgId: string,
  hook: { hookId: string; origin: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO mlflow_webhook (org_id, hook_id, origin, state) VALUES ($1, $2, $3, 'testing')
     ON CONFLICT (org_id) DO UPDATE SET hook_id = $2, origin = $3, state = 'testing', last_delivery_at = NULL`,
    [orgId, hook.hookId, hook.origin],
  );
}

/** False where another registration has replaced this one meanwhile. */
export async function enableWebhook(tx: Transaction, orgId: string, hookId: string): Promise<boolean> {
  const enabled = await tx.execute(
    `UPDATE mlflow_webhook SET state = 'enabled' WHERE org_id = $1 AND hook_id = $2`,
    [orgId, hookId],
  );
  return enabled > 0;
}

export async function leaveWebhook(tx: Transaction, orgId: string): Promise<void> {
  await tx.execute(`UPDATE mlflow_webhook SET state = 'left' WHERE org_id = $1`, [orgId]);
}

/** Null: whichever there is. Returns whether there was one. */
export async function deleteWebhookRow(
  tx: Transaction,
  orgId: string,
  hookId: string | null = null,
): Promise<boolean> {
  const deleted = await tx.execute(
    'DELETE FROM mlflow_webhook WHERE org_id = $1 AND ($2::uuid IS NULL OR hook_id = $2)',
    [orgId, hookId],
  );
  return deleted > 0;
}

/** Whose hook this is, over all organizations. */
export async function findWebhook(tx: Transaction, hookId: string): Promise<string | null> {
  const [row] = await tx.query<{ org_id: string }>('SELECT org_id FROM find_webhook($1)', [hookId]);
  return row?.org_id ?? null;
}

/** False for a delivery that came before. Those that no signature could carry any more are forgotten. */
export async function insertDelivery(
  tx: Transaction,
  orgId: string,
  delivery: { id: string; keptSeconds: number },
): Promise<boolean> {
  await tx.execute(
    'DELETE FROM webhook_delivery WHERE org_id = $1 AND received_at < now() - make_interval(secs => $2)',
    [orgId, delivery.keptSeconds],
  );
  const inserted = await tx.execute(
    'INSERT INTO webhook_delivery (org_id, id) VALUES ($1, $2) ON CONFLICT (org_id, id) DO NOTHING',
    [orgId, delivery.id],
  );
  return inserted > 0;
}

/** Keeps a model that was named until a run has read it. Names are stored JSON-escaped. */
export async function putUnread(tx: Transaction, orgId: string, name: string): Promise<void> {
  await tx.execute(
    `INSERT INTO unread_delivery (org_id, model_name) VALUES ($1, $2)
     ON CONFLICT (org_id, model_name) DO UPDATE SET delivered_at = greatest(unread_delivery.delivered_at, now())`,
    [orgId, name],
  );
}

/** Null names: all of them. Whatever is named after the instant stays. */
export async function deleteUnread(
  tx: Transaction,
  orgId: string,
  { names, by }: { names: readonly string[] | null; by: string },
): Promise<void> {
  await tx.execute(
    `DELETE FROM unread_delivery
     WHERE org_id = $1 AND delivered_at <= $2 AND ($3::text[] IS NULL OR model_name = ANY($3))`,
    [orgId, by, names],
  );
}

/** Of a server that is let go of. */
export async function deleteAllUnread(tx: Transaction, orgId: string): Promise<void> {
  await tx.execute('DELETE FROM unread_delivery WHERE org_id = $1', [orgId]);
}

export async function touchWebhook(tx: Transaction, orgId: string): Promise<void> {
  await tx.execute('UPDATE mlflow_webhook SET last_delivery_at = now() WHERE org_id = $1', [orgId]);
}

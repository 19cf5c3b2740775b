import { parseEgressEntries, type EgressEntry, type EgressRules } from '@vw/mlflow-client';
import type { Env } from '@vw/platform';

/** What an Admin may aim the client at. Throws an Error with the variable and the entry that cannot be read: it stops the start. */
export function egressRules(env: Env): EgressRules {
  return {
    policy: env.egressPolicy,
    allow: entries('EGRESS_ALLOW', env.egressAllow),
    deny: entries('EGRESS_DENY', env.egressDeny),
    ownServices: ownServices(env),
  };
}

function entries(name: string, text: string): EgressEntry[] {
  try {
    return parseEgressEntries(text);
  } catch (error) {
    // The entry is named already; the variable is not.
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Our own database and queue: an Admin must not be able to aim the client at them. */
function ownServices(env: Env): { host: string; port: number }[] {
  const preset: Record<string, number> = { 'redis:': 6379, 'rediss:': 6379 };
  return [env.databaseUrl, ...(env.queueUrl ? [env.queueUrl] : [])].map((text) => {
    const url = new URL(text);
    return { host: url.hostname, port: Number(url.port) || (preset[url.protocol] ?? 5432) };
  });
}

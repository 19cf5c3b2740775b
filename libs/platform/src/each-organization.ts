import type { Log } from './logging';

/** Works for one organization after another. What fails for one of them is logged, and keeps none of the others waiting. */
export async function eachOrganization(
  log: Log,
  orgIds: readonly string[],
  work: (orgId: string) => Promise<void>,
): Promise<void> {
  for (const orgId of orgIds) {
    try {
      await work(orgId);
    } catch (thrown) {
      // Its own fault, or Postgres is away: then the next tick of the clock asks for it again, as for all the others.
      const error =
        thrown instanceof Error ? { name: thrown.name, message: thrown.message, stack: thrown.stack } : {};
      log.error({ orgId, error }, 'an organization was left out');
    }
  }
}

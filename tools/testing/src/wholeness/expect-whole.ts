import { type Ask, differencesBetween, readHeld } from './held.ts';
import { INVARIANTS } from './invariants.ts';
import { readUpstream } from './upstream.ts';

export interface WholenessQuestion {
  ask: Ask;
  orgId: string;
  /** Where MLflow answers, for a look right after a good sync; left out while a fault lasts. */
  mlflowUrl?: string;
  /** Its `Authorization` header, where it wants one. */
  authorization?: string;
}

/**
 * Every rule that does not hold, a sentence each: no version lost, invented, duplicated or half-written, counts that add up, a history
 * that tells the truth, a whole trail and, where MLflow is named, an inventory equal to it.
 */
export async function faultsFound(question: WholenessQuestion): Promise<string[]> {
  const { ask, orgId, mlflowUrl, authorization } = question;
  const found: string[] = [];
  for (const { rule, sql } of INVARIANTS) {
    const offenders = await ask<object>(sql, [orgId]);
    found.push(...offenders.map((row) => `${rule}: ${JSON.stringify(row)}`));
  }
  if (mlflowUrl === undefined) return found;
  return [
    ...found,
    ...differencesBetween(await readHeld(ask, orgId), await readUpstream(mlflowUrl, authorization)),
  ];
}

/** Throws with every rule that does not hold. The one look after every fault. */
export async function expectWhole(question: WholenessQuestion): Promise<void> {
  const found = await faultsFound(question);
  if (found.length > 0) throw new Error(`${found.length} faults:\n${found.slice(0, 20).join('\n')}`);
}

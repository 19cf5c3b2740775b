import type { InventorySummary, Stage } from '@vw/shared-contracts';

/** As people look for them. */
export const STAGE_ORDER: readonly Stage[] = ['Production', 'Staging', 'None', 'Archived'];

/** Versions of all stages, removed ones not counted. */
export function heldVersions({ stages }: InventorySummary): number {
  return STAGE_ORDER.reduce((sum, stage) => sum + stages[stage], 0);
}

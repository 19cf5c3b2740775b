import type { Stage } from '@vw/shared-contracts';

/** As people look for them. */
export const STAGE_ORDER: readonly Stage[] = ['Production', 'Staging', 'None', 'Archived'];

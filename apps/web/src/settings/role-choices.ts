import type { Role } from '@vw/shared-contracts';
import { ROLE_NAMES } from '../shell/roles';

/** Roles from the least rights to the most, and what each may. */
export const ROLE_CHOICES: readonly { role: Role; text: string; may: string }[] = [
  { role: 'viewer', text: ROLE_NAMES.viewer, may: 'reads the model inventory' },
  { role: 'reviewer', text: ROLE_NAMES.reviewer, may: 'reviews models, too' },
  { role: 'auditor', text: ROLE_NAMES.auditor, may: 'reads everything, exports the trail' },
  { role: 'admin', text: ROLE_NAMES.admin, may: 'may do everything' },
];

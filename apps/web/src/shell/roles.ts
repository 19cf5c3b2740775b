import type { Role } from '@vw/shared-contracts';

/** As people read them. */
export const ROLE_NAMES: Record<Role, string> = {
  admin: 'Admin',
  reviewer: 'Reviewer',
  auditor: 'Auditor',
  viewer: 'Viewer',
};

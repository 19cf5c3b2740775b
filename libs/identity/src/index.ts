export { ApiKeys } from './api-keys';
export type { KeyHolder } from './api-keys';
export { Identity } from './identity';
export { IdentityModule } from './identity.module';
export type { CreatedOrganization } from './organizations';
export type { SignedIn, SignedInUser } from './sessions';
export { Users } from './users';

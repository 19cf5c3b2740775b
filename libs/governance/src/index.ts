export { Entries } from './entries';
export { Gaps } from './gaps';
export { Governance } from './governance';
export { GovernanceModule } from './governance.module';
export { Reviews } from './reviews';
export type { Signer } from './reviews';

export { CredentialVault } from './credential-vault';
export type { Resealed, StoredSecret } from './credential-vault';
export { CredentialVaultModule } from './credential-vault.module';

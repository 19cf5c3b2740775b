export { CredentialVault } from './credential-vault';
export { CredentialVaultModule } from './credential-vault.module';

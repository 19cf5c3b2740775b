import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CredentialEntity } from './credential.entity';
import { CredentialVault } from './credential-vault';
import { VaultKeyEntity } from './vault-key.entity';

@Module({
  imports: [TypeOrmModule.forFeature([CredentialEntity, VaultKeyEntity])],
  providers: [CredentialVault],
  exports: [CredentialVault],
})
export class CredentialVaultModule {}

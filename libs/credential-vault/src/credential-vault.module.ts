import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
import { CredentialEntity } from './credential.entity';
import { CredentialVault } from './credential-vault';
import { VaultKeyEntity } from './vault-key.entity';

@Module({
  imports: [TypeOrmModule.forFeature([CredentialEntity, VaultKeyEntity]), AuditModule],
  providers: [CredentialVault],
  exports: [CredentialVault],
})
export class CredentialVaultModule {}

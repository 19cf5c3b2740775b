import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
import { ApiKeyEntity } from './api-key.entity';
import { ApiKeys } from './api-keys';
import { AttemptLimitEntity } from './attempt-limit.entity';
import { AttemptLimits } from './attempt-limits';
import { Identity } from './identity';
import { OrganizationEntity } from './organization.entity';
import { Organizations } from './organizations';
import { RefusedSignIns } from './refused-sign-ins';
import { SessionEntity } from './session.entity';
import { Sessions } from './sessions';
import { SetupToken } from './setup-token';
import { UserAccountEntity } from './user-account.entity';
import { Users } from './users';

@Module({
  imports: [
    AuditModule,
    TypeOrmModule.forFeature([
      ApiKeyEntity,
      AttemptLimitEntity,
      OrganizationEntity,
      SessionEntity,
      UserAccountEntity,
    ]),
  ],
  providers: [ApiKeys, AttemptLimits, Identity, Organizations, RefusedSignIns, Sessions, SetupToken, Users],
  exports: [ApiKeys, Identity, Users],
})
export class IdentityModule {}

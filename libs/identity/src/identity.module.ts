import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
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

@Module({
  imports: [
    AuditModule,
    TypeOrmModule.forFeature([AttemptLimitEntity, OrganizationEntity, SessionEntity, UserAccountEntity]),
  ],
  providers: [AttemptLimits, Identity, Organizations, RefusedSignIns, Sessions, SetupToken],
  exports: [Identity],
})
export class IdentityModule {}

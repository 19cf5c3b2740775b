import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
import { ModelInventoryModule } from '@vw/model-inventory';
import { SyncHistoryModule } from '@vw/sync-history';
import { Entries } from './entries';
import { Evaluation } from './evaluation';
import { Gaps } from './gaps';
import { Governance } from './governance';
import {
  AttestationEntity,
  CatalogueUseEntity,
  FindingEntity,
  FindingMoveEntity,
  GateAnswerEntity,
  GovernanceStateEntity,
  InventoryEntryChangeEntity,
  InventoryEntryEntity,
  WaiverEntity,
} from './governance.entities';
import { Reviews } from './reviews';

@Module({
  imports: [
    AuditModule,
    ModelInventoryModule,
    SyncHistoryModule,
    TypeOrmModule.forFeature([
      AttestationEntity,
      CatalogueUseEntity,
      FindingEntity,
      FindingMoveEntity,
      GateAnswerEntity,
      GovernanceStateEntity,
      InventoryEntryChangeEntity,
      InventoryEntryEntity,
      WaiverEntity,
    ]),
  ],
  providers: [Evaluation, Governance, Gaps, Reviews, Entries],
  exports: [Governance, Gaps, Reviews, Entries],
})
export class GovernanceModule {}

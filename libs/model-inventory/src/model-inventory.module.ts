import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  ExperimentCountEntity,
  ExperimentEntity,
  HeldVersionEntity,
  ModelCountEntity,
  ModelEntity,
  ModelVersionEntity,
  RunEntity,
  VersionChangeEntity,
  VersionCountEntity,
} from './inventory.entities';
import { HeldVersions } from './held-versions';
import { ModelInventory } from './model-inventory';
import { RemovedVersions } from './removed-versions';
import { UpstreamNews } from './upstream-news';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ExperimentCountEntity,
      ExperimentEntity,
      HeldVersionEntity,
      ModelCountEntity,
      ModelEntity,
      ModelVersionEntity,
      RunEntity,
      VersionChangeEntity,
      VersionCountEntity,
    ]),
  ],
  providers: [HeldVersions, ModelInventory, RemovedVersions, UpstreamNews],
  exports: [HeldVersions, ModelInventory, RemovedVersions, UpstreamNews],
})
export class ModelInventoryModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  ExperimentCountEntity,
  ExperimentEntity,
  HeldVersionEntity,
  ModelEntity,
  ModelVersionEntity,
  RunEntity,
  VersionChangeEntity,
  VersionCountEntity,
} from './inventory.entities';
import { HeldVersions } from './held-versions';
import { ModelInventory } from './model-inventory';
import { UpstreamNews } from './upstream-news';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ExperimentCountEntity,
      ExperimentEntity,
      HeldVersionEntity,
      ModelEntity,
      ModelVersionEntity,
      RunEntity,
      VersionChangeEntity,
      VersionCountEntity,
    ]),
  ],
  providers: [HeldVersions, ModelInventory, UpstreamNews],
  exports: [HeldVersions, ModelInventory, UpstreamNews],
})
export class ModelInventoryModule {}

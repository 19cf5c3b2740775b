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
  providers: [HeldVersions, ModelInventory],
  exports: [HeldVersions, ModelInventory],
})
export class ModelInventoryModule {}

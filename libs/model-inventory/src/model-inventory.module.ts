import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  ExperimentEntity,
  HeldVersionEntity,
  ModelEntity,
  ModelVersionEntity,
  RunEntity,
  VersionChangeEntity,
} from './inventory.entities';
import { HeldVersions } from './held-versions';
import { ModelInventory } from './model-inventory';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ExperimentEntity,
      HeldVersionEntity,
      ModelEntity,
      ModelVersionEntity,
      RunEntity,
      VersionChangeEntity,
    ]),
  ],
  providers: [HeldVersions, ModelInventory],
  exports: [HeldVersions, ModelInventory],
})
export class ModelInventoryModule {}

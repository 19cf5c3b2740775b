import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  ExperimentEntity,
  ModelEntity,
  ModelVersionEntity,
  RunEntity,
  VersionChangeEntity,
} from './inventory.entities';
import { ModelInventory } from './model-inventory';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ExperimentEntity,
      ModelEntity,
      ModelVersionEntity,
      RunEntity,
      VersionChangeEntity,
    ]),
  ],
  providers: [ModelInventory],
  exports: [ModelInventory],
})
export class ModelInventoryModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LightRuns } from './light-runs';
import { SyncHistory } from './sync-history';
import { SyncRunEntity } from './sync-run.entity';
import { WorkerHeartbeatEntity } from './worker-heartbeat.entity';

@Module({
  imports: [TypeOrmModule.forFeature([SyncRunEntity, WorkerHeartbeatEntity])],
  providers: [LightRuns, SyncHistory],
  exports: [LightRuns, SyncHistory],
})
export class SyncHistoryModule {}

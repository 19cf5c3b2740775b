import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { GovernanceModule } from '@vw/governance';
import { PlatformModule, type Env } from '@vw/platform';
import { SyncEngineModule } from '@vw/sync-engine';
import { SyncHistoryModule } from '@vw/sync-history';
import { SyncClock } from './sync-clock';
import { SyncProcessor } from './sync.processor';

/** The API's rooms less HTTP: jobs and the clock come in here, and only here. */
@Module({})
export class WorkerModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot(env, 'vw-worker'),
        ScheduleModule.forRoot(),
        GovernanceModule,
        SyncEngineModule,
        SyncHistoryModule,
      ],
      providers: [SyncProcessor, SyncClock],
    };
  }
}

import { BullModule } from '@nestjs/bullmq';
import { Global, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { checkDatabase } from './database/boot-check';
import { dataSourceOptions } from './database/data-source-options';
import { Database } from './database/database';
import { Env } from './env';
import { LiveFeed } from './live-feed';
import { Log } from './logging';
import { queueConnection, SYNC_QUEUE, SyncQueue } from './queue';

/** Environment, database, queue, live feed, logging: what every room stands on. */
@Global()
@Module({})
export class PlatformModule implements OnModuleInit {
  constructor(private readonly source: DataSource) {}

  static forRoot(env: Env, applicationName: string): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(env.databaseUrl, applicationName),
          autoLoadEntities: true,
          retryAttempts: 5,
          retryDelay: 1_000,
        }),
        BullModule.forRoot(queueConnection(env)),
        BullModule.registerQueue({ name: SYNC_QUEUE }),
      ],
      providers: [{ provide: Env, useValue: env }, Database, LiveFeed, Log, SyncQueue],
      exports: [Env, Database, LiveFeed, Log, SyncQueue],
    };
  }

  async onModuleInit(): Promise<void> {
    await checkDatabase(this.source);
  }
}

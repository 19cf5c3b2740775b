export { SyncEngine, WorkerStopping } from './sync-engine';
export { SyncEngineModule } from './sync-engine.module';

export { RegistryWatch } from './registry-watch';
export { SyncEngine, WorkerStopping } from './sync-engine';
export { SyncEngineModule } from './sync-engine.module';

export { LightReads } from './light-reads';
export type { PollState, Seen } from './light-reads';
export { ALL_WORKSPACES } from './settings';
export { MlflowConnection } from './mlflow-connection';
export type { Freshness, OpenConnection, Registry } from './open-connection';
export { MlflowConnectionModule } from './mlflow-connection.module';

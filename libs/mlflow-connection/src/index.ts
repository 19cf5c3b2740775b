export { LightReads } from './light-reads';
export type { PollState, Seen } from './light-reads';
export { MlflowConnection } from './mlflow-connection';
export type { Freshness, OpenConnection } from './mlflow-connection';
export { MlflowConnectionModule } from './mlflow-connection.module';

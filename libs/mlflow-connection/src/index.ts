export { ONCE } from './client-maker';
export { LightReads } from './light-reads';
export type { PollState, Seen } from './light-reads';
export type { Delivery } from './delivery';
export { MlflowConnection } from './mlflow-connection';
export { MlflowWebhook } from './mlflow-webhook';
export type { Freshness, OpenConnection, Registry } from './open-connection';
export { MlflowConnectionModule } from './mlflow-connection.module';

export type { EgressPolicy, EgressRules, MlflowAuth, MlflowClientOptions } from './client-options';
export { type EgressEntry, parseEgressEntries } from './egress/egress-entries';
export { Secret } from './egress/secret';
export { checkTrackingServerUrl, type TrackingServerUrlCheck } from './egress/tracking-server-url';
export { MlflowClient } from './mlflow-client';
export {
  type AnsweredError,
  MlflowError,
  type MlflowErrorCode,
  type MlflowErrorDetails,
} from './mlflow-error';
export type {
  Dataset,
  Experiment,
  Lifecycle,
  LoggedModel,
  LoggedModelAnswer,
  MetricValue,
  ModelStage,
  ModelVersion,
  RegisteredModel,
  Run,
  RunAnswer,
} from './records';
export { MAX_RETRY_AFTER_SECONDS } from './retry-timing';
export type { Probe } from './server-probe';
export type { WebhookRegistration } from './webhooks';

export {
  AUTH_METHODS,
  Connection,
  ConnectionError,
  ConnectionInput,
  ConnectionTest,
  RegistryWebhook,
  WebhookInput,
  WorkerState,
} from './connection';
export type { AuthMethod, ConnectionStatus } from './connection';
export { API_KEY_SCOPES, ApiKey, ApiKeyInput, ApiKeyPage, CreatedApiKey } from './api-key';
export type { ApiKeyScope } from './api-key';
export {
  AuditEvent,
  AuditEventActor,
  AuditEventPage,
  AuditEventSubject,
  AuditFilter,
  AuditQuery,
  AuditVerification,
} from './audit';
export { Me, MyOrganization, PasswordInput, ROLES, SignInInput } from './auth';
export type { Role } from './auth';
export { PROBLEMS } from './codes';
export type { ProblemCode, SyncErrorCode } from './codes';
export { Entry, EntryInput, EntryPage, EntryQuery, EntryState } from './entries';
export type { ApprovalStatus, RiskTier } from './entries';
export { Gate, GateAnswer, GateQuery, GateReason } from './gate';
export type { GateVerdict } from './gate';
export {
  Attestation,
  AttestationInput,
  Finding,
  FindingPage,
  FindingQuery,
  GapPage,
  GapQuery,
  GovernanceSummary,
  RequirementCoverage,
  Review,
  ReviewedVersion,
  Rule,
  RuleCatalogue,
  SeverityCounts,
} from './governance';
export type { AttestationResult, FindingStatus, ReviewState, Severity } from './governance';
export { LiveEvent } from './live';
export type { LiveTopic } from './live';
export {
  AsOfQuery,
  InventorySummary,
  KnownFrom,
  KnownModelVersion,
  LastSync,
  MetricCourse,
  MetricPoint,
  ModelVersionDetail,
  ModelVersionPage,
  ModelVersionRow,
  STAGES,
  StageCounts,
  VersionDataset,
  VersionExperiment,
  VersionQuery,
  VersionRun,
} from './model-inventory';
export type { MetricValue, Requirement, RunState, Stage, VersionSort } from './model-inventory';
export { DEFAULT_LIMIT, PageQuery } from './page';
export type { Page } from './page';
export { FieldError, ProblemDetails } from './problem';
export { MIN_PASSWORD_LENGTH, SetupInput, SetupState } from './setup';
export {
  Change,
  ChangePage,
  SyncCounts,
  SyncProgress,
  SyncRun,
  SyncRunError,
  SyncRunPage,
  SyncRunQuery,
} from './sync-run';
export type { SyncPhase, SyncRunStatus, SyncTrigger } from './sync-run';
export { ChangedUser, InvitedUser, UserAccount, UserChange, UserInvitation, UserPage } from './user';
export { VersionGovernance } from './version-governance';
export { Waiver, WaiverInput, WaiverPage, WaiverRefusal } from './waiver';
export type { WaiverStatus } from './waiver';

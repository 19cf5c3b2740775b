export type { InventoryCounts } from './count-statements';
export { HeldVersions } from './held-versions';
export type { OpenGaps, VersionFacts } from './evaluation-statements';
export { sourceId, versionId } from './identity';
export { ModelInventory } from './model-inventory';
export { ModelInventoryModule } from './model-inventory.module';
export { RemovedVersions } from './removed-versions';
export { UpstreamNews } from './upstream-news';
export type { ListedModel, ListedVersion } from './upstream-news';
export type {
  Applied,
  EvidenceRecord,
  ExperimentRecord,
  MissingVersion,
  ModelKey,
  ModelRecord,
  SyncOrigin,
  VersionRecord,
} from './records';

export { LightRuns } from './light-runs';
export type { RungRun } from './light-runs';
export { LeaseLost, SyncHistory } from './sync-history';
export type { Lease, RunDigest, RunEnd, RunProgress } from './sync-history';
export { SyncHistoryModule } from './sync-history.module';

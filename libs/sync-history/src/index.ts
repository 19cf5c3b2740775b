export { LeaseLost, SyncHistory } from './sync-history';
export type { Lease, RunDigest, RunEnd, RunProgress } from './sync-history';
export { SyncHistoryModule } from './sync-history.module';

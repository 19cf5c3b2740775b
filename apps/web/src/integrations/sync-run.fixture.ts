import type { SyncRun } from '@vw/shared-contracts';

export const RUN: SyncRun = {
  id: 'r1',
  trigger: 'manual',
  requestedBy: 'Åsa',
  status: 'succeeded',
  requestedAt: '2026-11-24T13:00:00Z',
  startedAt: '2026-11-24T13:00:01Z',
  finishedAt: '2026-11-24T13:00:04Z',
  progress: { phase: 'done', currentModel: null, models: 1, versions: 1, total: null },
  counts: { created: 0, updated: 1, unchanged: 0, removed: 0 },
  held: 0,
  requests: 7,
  error: null,
};

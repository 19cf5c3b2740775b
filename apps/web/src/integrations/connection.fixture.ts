import type { Connection } from '@vw/shared-contracts';

export const SAVED: Connection = {
  status: 'connected',
  trackingServerUrl: 'https://mlflow.example',
  requestTimeoutSeconds: 30,
  authMethod: 'basic',
  username: 'svc',
  hasStoredPassword: true,
  hasStoredToken: false,
  verifyTls: true,
  workspace: null,
  pollSeconds: 60,
  webhook: { enabled: false, lastDeliveryAt: null, leftAtMlflow: false },
  caCertificate: null,
  serverVersion: '3.17.2',
  caution: null,
  lastError: null,
  lastSuccessfulTestAt: null,
  lastScheduledSyncAt: null,
  upcomingSyncAt: null,
  worker: { lastSeenAt: null },
};

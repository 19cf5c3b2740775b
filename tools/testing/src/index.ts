export {
  type Fault,
  type FaultProxy,
  type FaultRule,
  type RecordedRequest,
  startFaultProxy,
} from './mlflow/fault-proxy';
export {
  describeWithEachMlflow,
  describeWithMlflow,
  describeWithPython,
  fillMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from './mlflow/test-mlflow';
export { webhookEnv } from '../../mlflow/webhook-env.ts';
export { freePort } from '../../launch/port.ts';
export { mlflowApi, type MlflowApi, type RunData, type VersionData } from '../../mlflow/mlflow-api.ts';
export {
  type ApiProcess,
  type AppProcess,
  startApiProcess,
  startWorkerProcess,
  type WorkerProcess,
} from './app-process';
export { ApiSession } from '../../launch/api-session.ts';
export { createTestDatabase, dumpDatabase, type TestDatabase } from './database';
export { PRIVATE_CA } from './mlflow/private-ca';
export { eventually } from './eventually';
export { itOnlyWith, LINUX } from './only-where';
export { ownPostgres, type OwnPostgres } from './own-postgres';
export { installSchemathesis, SCHEMATHESIS_INSTALL_MS, SCHEMATHESIS_RUN_MS } from './schemathesis';
export { type MlflowRooms, startMlflowRooms } from './mlflow-rooms';
export { SELF_SIGNED } from './mlflow/self-signed';
export { startTestRedis } from './test-redis';
export { startRooms, type TestRooms } from './rooms';
export { seedDemoRegistry } from '../../mlflow/seed-demo.ts';
export { expectWhole, type WholenessQuestion } from './wholeness/expect-whole';
export { INJURIES, whileHurt } from './wholeness/injuries';

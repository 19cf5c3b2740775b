import type { MlflowServerOptions } from '../../mlflow/mlflow-server.ts';
import { type FaultProxy, type ServerCertificate, startFaultProxy } from './mlflow/fault-proxy';
import { startTestMlflow, type TestMlflow } from './mlflow/test-mlflow';
import { startRooms, type TestRooms } from './rooms';

/** Rooms on a throw-away database, a real MLflow for them, and the proxy between, which breaks what it is told to. */
export interface MlflowRooms {
  rooms: TestRooms;
  mlflow: TestMlflow;
  proxy: FaultProxy;
  stop(): Promise<void>;
}

/** For `beforeAll` with MLFLOW_START_TIMEOUT_MS. With a certificate the proxy is asked by https. */
export async function startMlflowRooms(
  imports: Parameters<typeof startRooms>[0],
  options: { mlflow?: Omit<MlflowServerOptions, 'dataDir'>; certificate?: ServerCertificate } = {},
): Promise<MlflowRooms> {
  const [mlflow, rooms] = await Promise.all([startTestMlflow(options.mlflow), startRooms(imports)]);
  const proxy = await startFaultProxy(mlflow.url, options.certificate);
  return {
    rooms,
    mlflow,
    proxy,
    stop: async () => {
      await rooms.close();
      await proxy.stop();
      await mlflow.stop();
    },
  };
}

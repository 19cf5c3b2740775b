import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startTestMlflow,
  webhookEnv,
  type FaultProxy,
  type TestMlflow,
} from '@vw/testing';
import { Admin } from './admin';
import { startStack, type Stack, type StackOptions } from './stack';

/** Where a chapter of the user guide takes place. */
export interface Chapter {
  mlflow: TestMlflow;
  /** Before MLflow: breaks what it is told to break, and records what was asked. */
  proxy: FaultProxy;
  stack: Stack;
  admin: Admin;
}

export interface Scene extends StackOptions {
  /** `basic-auth`: MLflow demands a name and a password. */
  appName?: 'basic-auth';
  /** MLflow may deliver webhooks to this machine. */
  webhooks?: true;
  /** Fills the registry. */
  registry?: (mlflow: TestMlflow) => Promise<unknown>;
  /** Default: the organization exists and its Admin is signed in. */
  admin?: 'signed-up' | 'stranger';
}

/**
 * One chapter on one stack, one real MLflow and one browser, which its steps share in their order. Every step also fails where
 * the page broke its own content security policy.
 */
export function describeChapter(name: string, scene: Scene, steps: (chapter: Chapter) => void): void {
  describeWithMlflow(name, () => {
    const chapter: Partial<Chapter> = {};

    const startUpstream = async (): Promise<void> => {
      const mlflow = await startTestMlflow({
        ...(scene.appName ? { appName: scene.appName } : {}),
        ...(scene.webhooks ? { extraEnv: webhookEnv() } : {}),
      });
      Object.assign(chapter, { mlflow, proxy: await startFaultProxy(mlflow.url) });
      await scene.registry?.(mlflow);
    };
    const startProduct = async (): Promise<void> => {
      const stack = await startStack(scene);
      chapter.stack = stack;
      const admin = await Admin.arrive(stack.url);
      chapter.admin = admin;
      if (scene.admin !== 'stranger') await admin.signUp();
    };

    beforeAll(async () => {
      await Promise.all([startUpstream(), startProduct()]);
    }, MLFLOW_START_TIMEOUT_MS);

    afterEach(() => {
      expect(chapter.admin?.refusals).toEqual([]);
    });

    afterAll(async () => {
      await chapter.admin?.leave();
      await chapter.stack?.stop();
      await chapter.proxy?.stop();
      await chapter.mlflow?.stop();
    });

    steps(chapter as Chapter);
  });
}

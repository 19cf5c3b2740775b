import { join, resolve } from 'node:path';

/** The workspace: every command runs from here, whatever folder it was called in. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** What the build leaves, by project. */
export const BUILT = {
  api: join(ROOT, 'dist/apps/api/main.js'),
  worker: join(ROOT, 'dist/apps/worker/main.js'),
  commands: join(ROOT, 'dist/tools/commands/main.js'),
} as const;

/** The folder of everything that outlives a process: database, keys, MLflow. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return resolve(ROOT, env['DATA_DIR'] || '.data');
}

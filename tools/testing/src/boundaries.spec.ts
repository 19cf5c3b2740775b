import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The rules that a file with this one import would break, by the workspace's own linter. */
function rulesBrokenBy(file: string, code: string): string[] {
  const linted = spawnSync(
    process.execPath,
    [
      resolve(ROOT, 'node_modules/eslint/bin/eslint.js'),
      '--stdin',
      '--stdin-filename',
      file,
      '--format',
      'json',
    ],
    { cwd: ROOT, input: code, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
  );
  const [result] = JSON.parse(linted.stdout) as { messages: { ruleId: string }[] }[];
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

describe('the boundaries between rooms', () => {
  it.each([
    [
      'libs/model-inventory/src/wrong.ts',
      `export { SyncEngine } from '@vw/sync-engine';`,
      '@nx/enforce-module-boundaries',
    ],
    [
      'libs/mlflow-client/src/wrong.ts',
      `export { Injectable } from '@nestjs/common';`,
      '@nx/enforce-module-boundaries',
    ],
    ['apps/api/src/wrong.ts', `export { DataSource } from 'typeorm';`, '@nx/enforce-module-boundaries'],
    ['apps/web/src/wrong.ts', `export { Database } from '@vw/platform';`, '@nx/enforce-module-boundaries'],
    ['apps/web/src/wrong.ts', `export { readFileSync } from 'node:fs';`, 'no-restricted-imports'],
    ['libs/identity/src/wrong.ts', `export { request } from 'undici';`, 'no-restricted-imports'],
    ['libs/sync-engine/src/wrong.ts', `export { Cron } from '@nestjs/schedule';`, 'no-restricted-imports'],
    ['libs/audit/src/wrong.ts', `export const home = process.env['HOME'];`, 'no-restricted-properties'],
    ['libs/audit/src/wrong.ts', `export * from './audit';`, 'no-restricted-syntax'],
  ])('are kept by the linter: in %s it refuses %s', (file, code, rule) => {
    expect(rulesBrokenBy(file, `${code}\n`)).toContain(rule);
  });

  it('let a right import through', () => {
    expect(
      rulesBrokenBy(
        'libs/sync-engine/src/right.ts',
        `export { ModelInventory } from '@vw/model-inventory';\n`,
      ),
    ).toEqual([]);
  });
});

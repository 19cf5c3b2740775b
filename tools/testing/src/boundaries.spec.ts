import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Answers which rules each file with this text would break. In one process: the linter takes longer to start than to lint. */
const LINTER = `
  import { text } from 'node:stream/consumers';
  import { ESLint } from 'eslint';
  const eslint = new ESLint();
  const broken = [];
  for (const [filePath, code] of JSON.parse(await text(process.stdin))) {
    const [result] = await eslint.lintText(code, { filePath });
    broken.push(result.messages.map(({ ruleId }) => ruleId));
  }
  console.log(JSON.stringify(broken));
`;

function rulesBrokenBy(files: readonly (readonly [file: string, code: string])[]): string[][] {
  const linted = spawnSync(process.execPath, ['--input-type=module', '--eval', LINTER], {
    cwd: ROOT,
    input: JSON.stringify(files.map(([file, code]) => [file, `${code}\n`])),
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (linted.status !== 0) throw new Error(linted.stderr);
  return JSON.parse(linted.stdout) as string[][];
}

const reveals = 'export const text = (secret: { reveal(): string }): string => secret.reveal();';
const fetches = `export const answer = fetch('http://mlflow.example');`;

const WRONG: readonly (readonly [file: string, code: string, rule: string])[] = [
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
  ['libs/sync-engine/src/wrong.ts', `export { Cron } from '@nestjs/schedule';`, 'no-restricted-imports'],
  ['libs/audit/src/wrong.ts', `export const home = process.env['HOME'];`, 'no-restricted-properties'],
  ['libs/audit/src/wrong.ts', `export * from './audit';`, 'no-restricted-syntax'],
  ['libs/identity/src/wrong.ts', `export { request } from 'undici';`, 'no-restricted-imports'],
  ['libs/mlflow-client/src/wrong.ts', `export { request } from 'undici';`, 'no-restricted-imports'],
  ['libs/mlflow-connection/src/wrong.ts', `export { connect } from 'node:tls';`, 'no-restricted-imports'],
  ['apps/api/src/wrong.ts', `export { connect } from 'net';`, 'no-restricted-imports'],
  ['apps/worker/src/wrong.ts', `export { request } from 'node:https';`, 'no-restricted-imports'],
  ['tools/commands/src/wrong.ts', `export { get } from 'node:http';`, 'no-restricted-imports'],
  ['apps/worker/src/wrong.ts', `export const client = import('undici');`, 'no-restricted-syntax'],
  ['libs/mlflow-client/src/wrong.ts', fetches, 'no-restricted-globals'],
  ['libs/mlflow-connection/src/wrong.ts', fetches, 'no-restricted-globals'],
  ['apps/api/src/wrong.ts', `export const get = globalThis.fetch;`, 'no-restricted-globals'],
  ['apps/worker/src/wrong.ts', fetches, 'no-restricted-globals'],
  ['tools/commands/src/wrong.ts', fetches, 'no-restricted-globals'],
  ['libs/mlflow-client/src/wrong.ts', reveals, 'no-restricted-syntax'],
  ['libs/mlflow-connection/src/wrong.ts', reveals, 'no-restricted-syntax'],
  [
    'libs/credential-vault/src/wrong.ts',
    reveals.replace('.reveal()', `['reveal']()`),
    'no-restricted-syntax',
  ],
  ['apps/api/src/wrong.ts', reveals, 'no-restricted-syntax'],
  ['apps/worker/src/wrong.ts', reveals, 'no-restricted-syntax'],
  ['tools/commands/src/wrong.ts', reveals, 'no-restricted-syntax'],
];

const RIGHT: readonly (readonly [file: string, code: string])[] = [
  ['libs/sync-engine/src/right.ts', `export { ModelInventory } from '@vw/model-inventory';`],
  ['libs/mlflow-client/src/egress/right.ts', `export { Client } from 'undici';`],
  ['libs/mlflow-client/src/egress/request-headers.ts', reveals],
  ['libs/mlflow-connection/src/delivery.ts', reveals],
  ['apps/api/src/right.ts', `export type { Socket } from 'node:net';`],
  ['apps/worker/src/right.ts', `export { Interval } from '@nestjs/schedule';`],
];

describe('the boundaries between rooms', () => {
  let broken: string[][];

  beforeAll(() => {
    broken = rulesBrokenBy([...WRONG.map(([file, code]) => [file, code] as const), ...RIGHT]);
  });

  it.each(WRONG.map((one, at) => [...one, at] as const))(
    'are kept by the linter: in %s it refuses %s',
    (_file, _code, rule, at) => {
      expect(broken[at]).toContain(rule);
    },
  );

  it('let through what is right', () => {
    expect(broken.slice(WRONG.length)).toEqual(RIGHT.map(() => []));
  });
});

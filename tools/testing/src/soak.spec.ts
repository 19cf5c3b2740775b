import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Dice } from '../../soak/dice.ts';
import { describeWithMlflow } from './mlflow/test-mlflow';

const ROOT = resolve(import.meta.dirname, '../../..');
/** One that kills Postgres and several workers within its first hundred steps. */
const SEED = 344;
const SECONDS = 60;
/** Besides the soak itself: MLflow starts, and the product settles. */
const TIMEOUT_MS = 420_000;

describe('the dice of a soak', () => {
  it('fall the same for the same seed, and otherwise for another', () => {
    const thrown = (seed: number): number[] => {
      const dice = new Dice(seed);
      return Array.from({ length: 1_000 }, () => dice.number(100));
    };
    expect(thrown(SEED)).toEqual(thrown(SEED));
    expect(thrown(SEED)).not.toEqual(thrown(SEED + 1));
    expect(new Set(thrown(SEED)).size).toBe(100);
  });
});

describeWithMlflow('a soak', () => {
  it(
    'ends without a difference to MLflow and with a whole trail, after random edits, faults and kills',
    async () => {
      const args = [
        '--no-warnings',
        'tools/soak/soak.ts',
        '--seconds',
        String(SECONDS),
        '--seed',
        String(SEED),
      ];
      const child = spawn(process.execPath, args, {
        cwd: ROOT,
        // What an operator's shell may say must not reach the product that is hurt.
        env: { ...process.env, DATABASE_URL_FILE: '/of/an/operator', QUEUE_URL: 'redis://of-an-operator' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
      const code = await new Promise((done) => child.once('close', done));
      const closing = output.trimEnd().split('\n').at(-1);
      expect([code, closing]).toEqual([0, expect.stringMatching(`^seed ${SEED}: .*, 0 differences$`)]);
      expect(closing).toMatch(
        /[1-9]\d* edits, [1-9]\d* faults, [1-9]\d* killed workers, .* [1-9]\d* killed Postgres/,
      );
    },
    TIMEOUT_MS,
  );
});

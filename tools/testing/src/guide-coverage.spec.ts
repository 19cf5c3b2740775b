import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the sentences of the user guide', () => {
  it('each have a spec that is there, and the committed page says which', () => {
    const checked = spawnSync(process.execPath, ['--no-warnings', 'tools/guide-coverage.ts', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([checked.stderr, checked.status]).toEqual(['', 0]);
  });
});

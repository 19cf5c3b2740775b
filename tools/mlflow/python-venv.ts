import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withFolderLock } from './folder-lock.ts';
import { removeFolder, runCommand } from './processes.ts';

/** Said where a machine has no Python: the one thing that npm cannot bring. */
export class PythonMissingError extends Error {
  override readonly name = 'PythonMissingError';
}

/** A package from PyPI in a virtual environment of its own. */
export interface PythonTool {
  /** Names the folder, with the version. */
  name: string;
  /** As people read it. */
  title: string;
  version: string;
  /** Requirements, as pip writes them. */
  packages: readonly string[];
}

/** Whether this machine has a Python that runs what we install (3.10 or later). */
export async function pythonIsUsable(): Promise<boolean> {
  const check = 'import sys, venv; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
  return (await runCommand(pythonCommand(), ['-c', check])).code === 0;
}

/**
 * A virtual environment with the tool under `dataDir`, made on first use. Concurrent callers wait for the first one.
 * Throws PythonMissingError where there is no usable python3.
 *
 * @returns the folder that holds its `python` and commands.
 */
export async function ensurePythonTool(
  tool: PythonTool,
  dataDir: string,
  log: (line: string) => void,
): Promise<string> {
  const { title, version } = tool;
  const venv = resolve(dataDir, `${tool.name}-venv-${version}`);
  const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
  const marker = join(venv, 'finished');
  if (existsSync(marker)) return bin;
  if (!(await pythonIsUsable())) {
    throw new PythonMissingError(
      `${title} needs python3, version 3.10 or later, with its venv module. None was found on the PATH.`,
    );
  }
  await mkdir(resolve(dataDir), { recursive: true });
  const announceWait = () => log(`Waiting for another process that installs ${title}`);
  await withFolderLock(`${venv}.lock`, announceWait, async () => {
    if (existsSync(marker)) return;
    await removeFolder(venv);
    log(`Installing ${title} ${version} into ${venv}`);
    await makeVenv(venv);
    await install(tool, join(bin, process.platform === 'win32' ? 'python.exe' : 'python'), log);
    await writeFile(marker, `${version}\n`);
    log(`${title} is installed`);
  });
  return bin;
}

function pythonCommand(): string {
  return process.platform === 'win32' ? 'python' : 'python3';
}

async function makeVenv(venv: string): Promise<void> {
  const whole = await runCommand(pythonCommand(), ['-m', 'venv', venv]);
  if (whole.code === 0) return;
  // Debian ships python3 without ensurepip: an environment without pip, filled by the machine's own pip, does as well.
  await removeFolder(venv);
  const bare = await runCommand(pythonCommand(), ['-m', 'venv', '--without-pip', venv]);
  if (bare.code !== 0) throw new Error(`python3 -m venv failed:\n${bare.output}`);
}

/** uv takes 8 s where pip takes 48 s; it knows nothing of pip's configuration, so pip is the second way. */
async function install(
  { title, packages }: PythonTool,
  python: string,
  log: (line: string) => void,
): Promise<void> {
  const byUv = await installByUv(python, packages);
  if (byUv.code === 0) return;
  log('uv could not install it; trying pip, which takes a minute');
  const byPip = await pip(python, ['install', '--quiet', ...packages]);
  if (byPip.code === 0) return;
  throw new Error(`${title} could not be installed.\nuv: ${byUv.output.trim()}\npip: ${byPip.output.trim()}`);
}

async function installByUv(python: string, packages: readonly string[]) {
  const uv = await pip(python, ['install', '--quiet', 'uv']);
  if (uv.code !== 0) return uv;
  const index = (await pip(python, ['config', 'get', 'global.index-url'])).output.trim();
  const from = /^https?:\/\/\S+$/.test(index) ? ['--index-url', index] : [];
  // The machine's certificates: uv brings its own list, which a company's proxy is never on.
  const env = { ...process.env, UV_SYSTEM_CERTS: 'true', UV_NATIVE_TLS: 'true', UV_NO_PROGRESS: '1' };
  const install = ['-m', 'uv', 'pip', 'install', '--quiet', '--python', python];
  return runCommand(python, [...install, ...from, ...packages], env);
}

/** The environment's own pip, or the machine's working on the environment. */
async function pip(python: string, args: readonly string[]) {
  const own = await runCommand(python, ['-m', 'pip', '--version']);
  return own.code === 0
    ? runCommand(python, ['-m', 'pip', ...args])
    : runCommand(pythonCommand(), ['-m', 'pip', '--python', python, ...args]);
}

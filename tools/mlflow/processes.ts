import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How much of a failed command's output its error repeats: the last lines name the cause. */
const TAIL_CHARACTERS = 2000;

/** MLflow took over 4 s to obey SIGTERM. */
export const STOP_GRACE_MS = 6_000;

/**
 * Python that starts its arguments as a command, leads the process group, and holds a pipe to us: when we die, even by SIGKILL, the pipe
 * ends and so does the group. MLflow's own workers outlive their parent otherwise.
 */
export const TIED_LAUNCHER = `
import os, signal, subprocess, sys, threading, time
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=lambda: os._exit(child.wait()), daemon=True).start()
sys.stdin.read()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.killpg(0, signal.SIGTERM)
time.sleep(${STOP_GRACE_MS / 1000})
os.killpg(0, signal.SIGKILL)
`;

export interface CommandResult {
  code: number;
  output: string;
}

/** Runs a command to its end. Never throws for an exit code; a command that cannot be started is code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Whether a process with this id lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return hasCode(error, 'EPERM');
  }
}

/** Whether an error of Node's carries this code. By shape: under Jest such errors are of another realm's class. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Ends a whole process group: SIGTERM, and SIGKILL to what still lives after the grace time. */
export async function stopGroup(pid: number, graceMs: number): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM')) return;
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    if (!signalGroup(pid, 0)) return;
    await sleep(50);
  }
  signalGroup(pid, 'SIGKILL');
  while (signalGroup(pid, 0) && Date.now() < deadline + graceMs) await sleep(20);
}

/** Removes a folder that a process just killed may still be writing to. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** False where no process of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    // ESRCH: the group is gone.
    return false;
  }
}

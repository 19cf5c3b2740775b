import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts process time in hundredths of a second. */
const TICK_MS = 10;

export interface Process {
  pid: number;
  parent: number;
  args: string;
}

export function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(fieldsOf(Number(name))[1]), args }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** The most memory that the process has held at once, in MiB. */
export function peakOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes?.[1] ?? 0) / 1024;
}

/** What the process was started with. */
export function environmentOf(pid: number, name: string): string {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return environment.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** CPU time so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** With what its ended children used, and those that still run. */
export function cpuOfTree(pid: number): number {
  const fields = fieldsOf(pid);
  const ended = (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  return cpuOf(pid) + ended + childrenOf(pid).reduce((sum, child) => sum + cpuIfThere(child), 0);
}

function cpuIfThere(pid: number): number {
  try {
    return cpuOf(pid);
  } catch {
    // It ended while we looked: its parent has its time from now on.
    return 0;
  }
}

/** Of a process with one thread. */
function childrenOf(pid: number): number[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return pids.filter((child) => child !== '').map(Number);
}

/** From the state on: the name before it may hold blanks. */
function fieldsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
}

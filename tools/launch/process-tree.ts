import { execFileSync } from 'node:child_process';

/**
 * Kills a process with all that descends from it, parents first, so that none replaces a child that it lost. For nx: its tasks lead process
 * groups of their own and outlive it, and nothing that they do has to be finished.
 */
export function killTree(pid: number): void {
  for (const one of [pid, ...descendants(pid)]) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // ESRCH: it ended between the look and the blow.
    }
  }
}

function descendants(root: number): number[] {
  const processes = allProcesses();
  const found = [root];
  for (const parent of found) {
    for (const [pid = 0, ppid] of processes) if (ppid === parent) found.push(pid);
  }
  return found.slice(1);
}

/** Pairs of process and parent. */
function allProcesses(): number[][] {
  try {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return rows.map((row) => row.trim().split(/\s+/).map(Number));
  } catch {
    // ENOENT: a bare machine without ps. Then the process itself is all that is known.
    return [];
  }
}

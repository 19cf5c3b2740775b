import { cpuOf, cpuOfTree } from './processes.ts';

/** A look costs a reading of /proc for each process of Postgres. */
const LOOK_EVERY_MS = 50;

/** CPU time so far, in milliseconds. */
export interface Cpu {
  worker: number;
  postgres: number;
}

/** Whose time is looked at. */
export interface Pids {
  worker: number;
  postmaster: number;
}

export function cpuNow({ worker, postmaster }: Pids): Cpu {
  return { worker: cpuOf(worker), postgres: cpuOfTree(postmaster) };
}

/** CPU time as it grows: that a sync has ended is known only when the rules have begun. */
export class CpuWatch {
  private readonly pids: Pids;
  private readonly looks: { at: number; cpu: Cpu }[] = [];
  private readonly timer = setInterval(() => {
    this.looks.push({ at: Date.now(), cpu: cpuNow(this.pids) });
  }, LOOK_EVERY_MS);

  constructor(pids: Pids) {
    this.pids = pids;
  }

  /** At an instant of the past. */
  at(instant: Date): Cpu {
    return this.looks.find(({ at }) => at >= instant.getTime())?.cpu ?? cpuNow(this.pids);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

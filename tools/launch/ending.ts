/**
 * How a launcher ends: processes are stopped all at once, then what they stood on is let go. SIGINT, SIGTERM, SIGHUP and the death of the
 * npm that called it all lead here; a second Ctrl-C kills. SIGKILL leads nowhere: the children notice it by themselves, on the pipes that
 * they share with this process.
 */
export interface Ending {
  stop(): Promise<void> | void;
  /** For whoever does not want to wait any longer. */
  kill?(): void;
}

/** One Ctrl-C arrives twice, from the terminal and passed on by npm, in milliseconds. */
const SAME_KEY_MS = 700;
const PARENT_CHECK_MS = 1_000;

const endings: Ending[] = [];
const releases: (() => void)[] = [];
let askedAt = 0;

export function atEnd(ending: Ending): void {
  endings.push(ending);
}

/** Called when all processes have ended. */
export function lastly(release: () => void): void {
  releases.push(release);
}

/** True once the launcher is on its way out: then nothing may be started. */
export function isEnding(): boolean {
  return askedAt > 0;
}

/** @param code for an end that somebody asked for: a server's is no failure, a test run's is one. */
export function endOnSignals(code = 0): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void onSignal(code));
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void end(code);
  }, PARENT_CHECK_MS).unref();
}

/** Stops everything and leaves with the code. A second call is ignored. */
export async function end(code: number): Promise<void> {
  if (isEnding()) return;
  askedAt = Date.now();
  await Promise.all(endings.map((ending) => ending.stop()));
  for (const release of releases) release();
  process.exit(code);
}

async function onSignal(code: number): Promise<void> {
  if (!isEnding()) return end(code);
  if (Date.now() - askedAt < SAME_KEY_MS) return;
  for (const ending of endings) ending.kill?.();
  process.exit(1);
}

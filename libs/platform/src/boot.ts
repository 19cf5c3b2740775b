import { pino } from 'pino';

/** What drivers say when nobody listens, or nobody by that name or password. */
const DATABASE_AWAY = /^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|28P01|28000|3D000)$/;

/** Starts an app; a refused start is one line that says why, and exit code 1. The reason names no password: URLs are never part of it. */
export async function startOrExplain<App>(start: () => Promise<App>): Promise<App> {
  try {
    return await start();
  } catch (error) {
    // Whatever it is, the process ends with it: nothing has been started yet that could go on.
    pino(
      { base: null, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ fd: 2, sync: true }),
    ).fatal({ reason: reasonOf(error) }, 'start refused');
    process.exit(1);
  }
}

function reasonOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (typeof code === 'string' && DATABASE_AWAY.test(code)) {
    return `The database of DATABASE_URL cannot be used (${code}). Check its host, port, role, password and name.`;
  }
  return error instanceof Error ? error.message : String(error);
}

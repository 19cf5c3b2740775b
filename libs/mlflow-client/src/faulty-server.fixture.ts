import { MlflowClient, type MlflowClientOptions, MlflowError } from './index';

/** Tries once, unless told otherwise. */
export function clientAt(
  trackingServerUrl: string,
  options: Partial<MlflowClientOptions> = {},
): MlflowClient {
  return new MlflowClient({
    ...{ trackingServerUrl, auth: { method: 'none' }, requestTimeoutSeconds: 30, verifyTls: true },
    ...{ egress: { policy: 'private' }, maxAttempts: 1 },
    ...options,
  });
}

/** Of the MlflowError that the work ends with; another error as it is, null where there is none. */
export function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => (error instanceof MlflowError ? error.code : error),
  );
}

/** Reads to the end; answers how many rows there were. */
export async function readAll(pages: AsyncIterable<unknown[]>): Promise<number> {
  let rows = 0;
  for await (const page of pages) rows += page.length;
  return rows;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isEnding } from './ending.ts';

/** An API starts in half a second; a busy machine may take many. In milliseconds. */
const READY_DEADLINE_MS = 120_000;

/** Waits until the API answers that it is ready. Throws after two minutes. */
export async function untilReady(base: string): Promise<void> {
  for (const deadline = Date.now() + READY_DEADLINE_MS; Date.now() < deadline; await sleep(100)) {
    const ready = await fetch(`${base}/health/ready`).then(
      (answer) => answer.ok,
      // Refused: it does not listen yet.
      () => false,
    );
    if (ready || isEnding()) return;
  }
  throw new Error('The API did not become ready within two minutes.');
}

/** Says where to go: the first visit is the set-up. */
export async function announce(port: string): Promise<void> {
  const base = `http://localhost:${port}`;
  await untilReady(base);
  if (isEnding()) return;
  const setup: { required: boolean } = JSON.parse(await (await fetch(`${base}/api/v1/setup`)).text());
  const next = setup.required ? ' and set up your organization' : '';
  console.log(`\nVerifyWise is ready. Open ${base}${next}. Ctrl-C ends it.\n`);
}

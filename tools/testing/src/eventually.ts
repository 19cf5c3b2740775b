/** Between two looks; a look at Postgres takes a few milliseconds. */
const PAUSE_MS = 50;

/** Repeats the assertion until it holds, and answers what it answers. Throws its last failure once `withinMs` has passed. */
export async function eventually<Result>(
  assertion: () => Result | Promise<Result>,
  withinMs = 30_000,
): Promise<Result> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

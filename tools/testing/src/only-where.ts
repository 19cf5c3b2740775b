/** What a machine must have, and whether this one has it. */
export interface Needed {
  name: string;
  isHere: boolean;
}

/**
 * `it` for what not every machine can do. Where that is missing the spec is reported as skipped, by name; under CI=true it runs, and fails.
 */
export function itOnlyWith(
  { name, isHere }: Needed,
  title: string,
  spec: () => Promise<void>,
  timeoutMs?: number,
): void {
  if (isHere || process.env['CI'] === 'true') it(title, spec, timeoutMs);
  else it.skip(`${title} (skipped: no ${name})`, spec);
}

/** The same for all specs of a `describe`. */
export function describeOnlyWith({ name, isHere }: Needed, title: string, specs: () => void): void {
  if (isHere || process.env['CI'] === 'true') describe(title, specs);
  else describe.skip(`${title} (skipped: no ${name})`, specs);
}

/** For what is read from /proc. */
export const LINUX: Needed = { name: 'Linux', isHere: process.platform === 'linux' };

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface Downloaded {
  /** As the browser proposes it. */
  name: string;
  /** Where it lies until the browser ends. */
  path: string;
  text: string;
}

/** The file that the browser saves when this is done. */
export async function downloaded(page: Page, act: () => Promise<unknown>): Promise<Downloaded> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, text: await readFile(path, 'utf8') };
}

/** Records of a CSV whose fields hold no line breaks. */
export function recordsIn(csv: string): string[][] {
  return csv
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
        .map(([, field = '']) => field.replace(/^"|"$/g, '').replaceAll('""', '"'))
        .slice(0, -1),
    );
}

export interface Ended {
  exitCode: number;
  output: string;
}

/** A command as a person or a pipeline types it, from the folder of the project. */
export function runCommand(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((done) => {
    const options = { cwd: ROOT, env: { ...process.env, ...env } };
    execFile(program, args, options, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr }),
    );
  });
}

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { chromium as playwright, type BrowserContext } from 'playwright-core';

/** Half an hour off every whole zone, so that no local time is taken for UTC by chance. */
export const TIME_ZONE = 'Asia/Kolkata';

const TEMPORARY = resolve(import.meta.dirname, '../.data/chromium');

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Browser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** A real Chromium with an empty profile: the one from npm on Linux x64, the machine's own Chrome elsewhere. */
export async function startBrowser(): Promise<Browser> {
  mkdirSync(TEMPORARY, { recursive: true });
  const profile = mkdtempSync(join(TEMPORARY, 'profile-'));
  const program = await packagedChromium();
  const context = await playwright.launchPersistentContext(profile, {
    ...(program
      ? { executablePath: program.path, env: { ...process.env, ...program.env } }
      : { channel: 'chrome' }),
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: TIME_ZONE,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function packagedChromium(): Promise<{ path: string; env: Record<string, string> } | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  // The package unpacks itself, 209 MB, into the temporary folder.
  process.env['TMPDIR'] = TEMPORARY;
  const { default: packaged } = await import('@sparticuz/chromium');
  const path = await packaged.executablePath();
  return {
    path,
    env: { TMPDIR: TEMPORARY, LD_LIBRARY_PATH: missesLibraries(path) ? bundledLibraries() : '' },
  };
}

function missesLibraries(path: string): boolean {
  return execFileSync('ldd', [path], { encoding: 'utf8' }).includes('not found');
}

/** The libraries that a bare machine lacks come with the package too, for another Linux; they serve here as well. */
function bundledLibraries(): string {
  const folder = join(TEMPORARY, 'al2023');
  if (!existsSync(join(folder, 'lib'))) {
    const packed = resolve(import.meta.dirname, '../node_modules/@sparticuz/chromium/bin/al2023.tar.br');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(readFileSync(packed)) });
  }
  return join(folder, 'lib');
}

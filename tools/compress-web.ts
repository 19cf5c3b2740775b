import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Text compresses; fonts and pictures come compressed. */
const TEXT = /\.(?:js|css|svg)$/;
/** Below one network packet nothing is won. In bytes. */
const SMALLEST = 1_400;

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Copies the bundled web, and puts a brotli and a gzip twin beside each file, as small as can be: the API sends them as they are. */
const [bundle, target] = process.argv.slice(2).map((folder) => resolve(folder));
if (!bundle || !target) throw new Error('Usage: compress-web.ts BUNDLE TARGET');
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(bundle, target, { recursive: true });
for (const name of await readdir(target)) {
  if (!TEXT.test(name)) continue;
  const content = await readFile(join(target, name));
  if (content.length < SMALLEST) continue;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(join(target, `${name}.br`), await toBrotli(content, { params }));
  await writeFile(join(target, `${name}.gz`), await toGzip(content, { level: constants.Z_BEST_COMPRESSION }));
}

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

/** Puts a brotli and a gzip twin beside each file of the built web, once, as small as can be: the API sends them as they are. */
const folder = resolve(process.argv[2] ?? 'dist/apps/web/browser');
for (const name of await readdir(folder)) {
  if (!TEXT.test(name)) continue;
  const content = await readFile(join(folder, name));
  if (content.length < SMALLEST) continue;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(join(folder, `${name}.br`), await toBrotli(content, { params }));
  await writeFile(join(folder, `${name}.gz`), await toGzip(content, { level: constants.Z_BEST_COMPRESSION }));
}

import { resolve } from 'node:path';

/**
 * How a server app is bundled: our own code in one file, packages left outside. The helpers of @oxc-project are no package of ours or
 * anyone's at run time, so they are bundled too.
 */
export function serverBundle(input, file) {
  return {
    input: resolve(import.meta.dirname, input),
    platform: 'node',
    tsconfig: resolve(import.meta.dirname, 'tsconfig.base.json'),
    external: (id) => !/^([./]|@vw\/|@oxc-project\/)/.test(id),
    transform: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    output: {
      file: resolve(import.meta.dirname, file),
      format: 'esm',
      sourcemap: true,
      codeSplitting: false,
    },
  };
}

import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PluginMetadataGenerator } from '@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js';
import { ReadonlyVisitor } from '@nestjs/swagger/plugin';

/** Writes what the OpenAPI document needs to know of controllers and shapes: their types, constraints and doc comments. */
const outputDir = resolve(import.meta.dirname, 'src');
// The generator type-checks the program, and main.ts imports what it is about to write.
writeFileSync(resolve(outputDir, 'metadata.ts'), 'export default async () => ({});\n');

new PluginMetadataGenerator().generate({
  visitors: [
    new ReadonlyVisitor({
      introspectComments: true,
      classValidatorShim: true,
      esmCompatible: true,
      dtoFileNameSuffix: ['libs/shared-contracts/src/'],
      controllerFileNameSuffix: ['.controller.ts'],
      pathToSource: outputDir,
    }),
  ],
  outputDir,
  tsconfigPath: 'apps/api/tsconfig.json',
  filename: 'metadata.ts',
});
rmSync(resolve(outputDir, 'metadata.js'), { force: true });

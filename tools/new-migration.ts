import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './launch/paths.ts';

/** TypeORM orders migrations by the number at the end of their class names; ours count up from here. */
const FIRST_TIMESTAMP = 1_790_000_000_000;

/** Writes the next migration's file and its line in the list. Answers an exit code. */
export function newMigration(title: string | undefined): number {
  if (!title || !/^[a-z][a-z0-9-]+$/.test(title)) {
    console.error('Usage: npm run db:new -- lower-case-title');
    return 2;
  }
  const folder = join(ROOT, 'libs/platform/src/database/migrations');
  const numbers = readdirSync(folder).map((file) => Number(/^(\d{4})-/.exec(file)?.[1] ?? 0));
  const number = Math.max(0, ...numbers) + 1;
  const file = `${String(number).padStart(4, '0')}-${title}`;
  const words = title.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const className = `${words.join('')}${FIRST_TIMESTAMP + number}`;
  writeFileSync(join(folder, `${file}.ts`), migrationText(className), { flag: 'wx' });
  addToList(join(folder, 'index.ts'), className, file);
  console.log(`libs/platform/src/database/migrations/${file}.ts`);
  return 0;
}

function migrationText(className: string): string {
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  readonly name = '${className}';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`
    \`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
`;
}

function addToList(list: string, className: string, file: string): void {
  const text = readFileSync(list, 'utf8');
  const lastImport = text.lastIndexOf('import ');
  const afterImport = text.indexOf('\n', lastImport) + 1;
  const withImport = `${text.slice(0, afterImport)}import { ${className} } from './${file}';\n${text.slice(afterImport)}`;
  writeFileSync(list, withImport.replace(/\n\];/, `\n  ${className},\n];`));
}

/**
 * Which spec proves which sentence of the user guide: writes docs/guide-coverage.md; with --check only compares. Ends with exit code 1
 * where a behaviour has no spec, a spec is not there, or the committed page differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { GUIDE, type GuideChapter } from './guide-behaviours.ts';
import { BETWEEN } from './guide-between.ts';
import { SERVERS } from './guide-servers.ts';
import { TRUST } from './guide-trust.ts';
import { ROOT } from './launch/paths.ts';

const PAGE = join(ROOT, 'docs/guide-coverage.md');

const chapters = [...GUIDE, SERVERS, BETWEEN, ...TRUST];
const faults = chapters
  .flatMap(({ behaviours }) => behaviours)
  .flatMap(({ sentence, proofs }) => {
    const titles = proofs.flatMap((proof) => proof.titles.map((title) => ({ file: proof.file, title })));
    if (titles.length === 0) return [`No spec proves: ${sentence}`];
    return titles
      .filter(({ file, title }) => !titlesIn(file).has(title))
      .map(({ file, title }) => `${file} has no spec "${title}", which should prove: ${sentence}`);
  });
const page = await format(pageOf(chapters), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
if (!process.argv.includes('--check') && faults.length === 0) writeFileSync(PAGE, page);
if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
  faults.push('docs/guide-coverage.md is not what the specs prove; write it with: npm run guide:coverage');
}
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);

/** Titles of `it` and `it.each` as they stand in the source; placeholders stay placeholders. */
function titlesIn(file: string): Set<string> {
  const path = join(ROOT, file);
  if (!existsSync(path)) return new Set();
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && nameOf(node.expression) === 'it') {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.add(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return titles;
}

/** `it` of `it`, and of `it.each(cases)`; skipped ones prove nothing. */
function nameOf(callee: ts.Expression): string | null {
  if (ts.isIdentifier(callee)) return callee.text;
  const each = ts.isCallExpression(callee) ? callee.expression : null;
  return each && ts.isPropertyAccessExpression(each) && each.name.text === 'each'
    ? nameOf(each.expression)
    : null;
}

function pageOf(chapters: readonly GuideChapter[]): string {
  const lines = [
    '# What proves the guide',
    '',
    'Each sentence of the user guide and the specs that hold the product to it, by their titles. Written by `npm run guide:coverage`.',
  ];
  for (const { title, behaviours } of chapters) {
    lines.push('', `## ${title}`, '');
    for (const { sentence, proofs } of behaviours) {
      lines.push(`- **${sentence}**`);
      for (const { file, titles } of proofs) {
        for (const proof of titles) lines.push(`  - ${proof} ([${basename(file)}](../${file}))`);
      }
    }
  }
  return lines.join('\n');
}

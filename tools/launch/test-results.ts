import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './paths.ts';

/** Where each project's test run leaves its results, as Jest writes them. */
export const RESULTS = join(ROOT, 'dist/test-results');

/** The rest stands where the test ran. In lines. */
const TOLD_OF_A_FAILURE = 12;

interface JestResults {
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
  /** Of each failed test its name, and below it how its message begins. */
  failures: string[];
}

/** Sums what the projects left. A spec file that could not run, and a project that left nothing, count as one failure each. */
export function summarize(projects: readonly string[]): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const project of projects) {
    const file = join(RESULTS, `${project}.json`);
    if (existsSync(file)) addProject(summary, project, JSON.parse(readFileSync(file, 'utf8')));
    else fail(summary, `${project}: left no results`);
  }
  return summary;
}

export function fail(summary: Summary, line: string): void {
  summary.failed += 1;
  summary.failures.push(line);
}

/** `N passed, N failed`, and the skipped ones where there are any. */
export function closingLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function addProject(summary: Summary, project: string, results: JestResults): void {
  for (const suite of results.testResults) {
    const tests = suite.assertionResults;
    const passed = tests.filter(({ status }) => status === 'passed');
    const failed = tests.filter(({ status }) => status === 'failed');
    summary.passed += passed.length;
    summary.skipped += tests.length - passed.length - failed.length;
    for (const { fullName, failureMessages } of failed)
      fail(summary, [`${project}: ${fullName}`, ...beginningOf(failureMessages)].join('\n'));
    const couldNotRun = failed.length === 0 && suite.message !== '';
    if (couldNotRun) fail(summary, `${project}: ${suite.name}\n${suite.message}`);
  }
}

function beginningOf([message = '']: string[]): string[] {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, TOLD_OF_A_FAILURE);
  return lines.map((line) => `    ${line}`.trimEnd());
}

/**
 * Every tier in one run: unit and integration specs of each project on a real Postgres and a real MLflow, then the browser. Ends with
 * one line: `N passed, N failed`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holdPostgres } from './embedded/embedded-postgres.ts';
import { nx } from './launch/build.ts';
import { dataDirOf, ROOT } from './launch/paths.ts';
import { ensureMlflow, PythonMissingError } from './mlflow/mlflow-venv.ts';

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; message: string; assertionResults: { status: string; fullName: string }[] }[];
}

const folder = join(ROOT, 'dist/test-results');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const postgres = await holdPostgres(join(ROOT, '.data/test'));
await ensureMlflow(dataDirOf({}), (line) => console.log(line)).catch((error: unknown) => {
  // Without python the specs that need MLflow are skipped by name, and fail under CI=true.
  if (!(error instanceof PythonMissingError)) throw error;
  console.log(error.message);
});
const env = { NODE_NO_WARNINGS: '1', NX_SKIP_NX_CACHE: 'true' };
const built = await nx(['run-many', '-t', 'build', '--parallel=2'], { output: 'inherit', env });
const tested = await nx(['run-many', '-t', 'test', 'e2e', '--parallel=1'], { output: 'inherit', env });
postgres.release();

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const results: Results = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  passed += results.numPassedTests;
  failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  skipped += results.numPendingTests;
  for (const suite of results.testResults) {
    for (const test of suite.assertionResults.filter(({ status }) => status === 'failed')) console.log(`FAILED ${file}: ${test.fullName}`);
    if (suite.assertionResults.length === 0 && suite.message) console.log(`FAILED ${suite.name}: ${suite.message}`);
  }
}
// A project that failed before its specs ran has left no results to count.
if (failed === 0 && (built.code !== 0 || tested.code !== 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);

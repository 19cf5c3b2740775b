/**
 * Every tier in one run: unit and integration specs of each project on a real Postgres and a real MLflow, then the browser. Ends with
 * one line: `N passed, N failed`.
 */
import { globSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holdPostgres } from './embedded/embedded-postgres.ts';
import { BUILT_BEFORE, nx } from './launch/build.ts';
import { end, endOnSignals, lastly } from './launch/ending.ts';
import { dataDirOf, ROOT } from './launch/paths.ts';
import { closingLine, fail, RESULTS, summarize } from './launch/test-results.ts';
import { ensureMlflow, MLFLOW_VERSIONS } from './mlflow/mlflow-venv.ts';
import { PythonMissingError } from './mlflow/python-venv.ts';

endOnSignals(130);
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });

// Held over all projects: each spec file would otherwise start and stop it.
const postgres = await holdPostgres(join(ROOT, '.data/test'));
lastly(() => postgres.release());
await prepareMlflow();

const built = await nx(
  ['run-many', '-t', 'build', '-p', 'api,worker,web,commands', '--output-style=static'],
  { output: 'inherit' },
);
// Built above. A passed test is not taken from the cache: servers, clocks and browsers are no inputs that nx could compare. The browser,
// which takes longest, beside one project after the other: specs wait for leases, locks and servers for a good part of their time.
const always = ['--parallel=1', '--output-style=static', '--exclude-task-dependencies', '--skip-nx-cache'];
const tested = await Promise.all(
  ['e2e', 'test'].map((target) =>
    nx(['run-many', '-t', target, ...always], { output: 'inherit', env: { [BUILT_BEFORE]: 'yes' } }),
  ),
);

const summary = summarize(await projectsWithSpecs());
if (built.code !== 0) fail(summary, 'the build; its output is above');
if (tested.some(({ code }) => code !== 0) && summary.failed === 0)
  fail(summary, 'a test process; its output is above');
for (const line of summary.failures) console.log(`FAILED ${line}`);
console.log(closingLine(summary));
await end(summary.failed === 0 ? 0 : 1);

/** Without python the specs that need MLflow are skipped by name, and fail under CI=true. */
async function prepareMlflow(): Promise<void> {
  try {
    for (const version of MLFLOW_VERSIONS)
      await ensureMlflow(dataDirOf({}), (line) => console.log(line), version);
  } catch (error) {
    if (!(error instanceof PythonMissingError)) throw error;
    console.log(error.message);
  }
}

async function projectsWithSpecs(): Promise<string[]> {
  const names = await Promise.all(
    ['test', 'e2e'].map(async (target) => {
      const shown = await nx(['show', 'projects', '--with-target', target, '--json'], { output: 'collect' });
      return JSON.parse(shown.output) as string[];
    }),
  );
  return names.flat().filter((name) => globSync(specsOf(name), { cwd: ROOT }).length > 0);
}

function specsOf(project: string): string[] {
  return ['libs', 'apps', 'tools'].map((folder) => `${folder}/${project}/**/*.spec.ts`);
}

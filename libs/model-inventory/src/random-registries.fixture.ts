import fc from 'fast-check';
import type { Named, RegistrySketch, RunSketch, VersionSketch } from './registry.fixture';

const NAMES = fc.constantFrom('a', 'a.b', '', '__proto__', 'x\0y', 'tags.a', 'line\nbreak', '与信', '"');
const TEXTS = fc.constantFrom('', 'one', 'null', 'x\0y', '\ud800', '{"a":1}', '0');
const METRICS = fc.constantFrom(0, 1.5, -2e-9, 1.7976931348623157e308, 'NaN', '-Infinity');

function named<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Named<Value>> {
  return fc.uniqueArray(fc.tuple(NAMES, values), { maxLength: 3, selector: ([name]) => name });
}

const VERSION = fc.record<Omit<VersionSketch, 'model' | 'version'>>({
  stage: fc.constantFrom('None', 'Staging', 'Production', 'Archived'),
  aliases: fc.subarray(['champion', 'challenger']),
  description: TEXTS,
  tags: named(TEXTS),
  updatedAt: fc.integer({ min: 0, max: 2 }),
  source: fc.constantFrom('', 's3://a', 'models:/m-1'),
  evidence: fc.constantFrom(null, 'r1', 'r2', 'r\0'),
  logged: fc.boolean(),
});
const RUN: fc.Arbitrary<RunSketch> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ state: fc.constantFrom('active', 'deleted'), data: data() }) },
  fc.record({ state: fc.constantFrom('missing', 'unreadable'), data: fc.constant(null) }),
);
const EXPERIMENT = fc.record({
  name: TEXTS,
  artifactLocation: TEXTS,
  lifecycle: fc.constantFrom('active', 'deleted'),
});
const MODEL = fc.record({ description: TEXTS, tags: named(TEXTS) });

function data() {
  return fc.record({
    status: fc.constantFrom('RUNNING', 'FINISHED'),
    experiment: fc.constantFrom('1', '2'),
    metrics: named(METRICS),
    parameters: named(TEXTS),
    commit: fc.option(TEXTS),
    creator: fc.option(TEXTS),
    datasets: fc.subarray([
      { name: 'pd', digest: 'a', context: null },
      { name: 'x\0y', digest: '\ud800', context: 'training' },
    ]),
  });
}

/** For each of the names: as it was in the step before, gone, or something else. */
function slots<Value>(names: readonly string[], values: fc.Arbitrary<Value>) {
  return fc.tuple(
    ...names.map((name) =>
      fc.tuple(
        fc.constant(name),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant('same' as const) },
          { weight: 1, arbitrary: fc.constant('gone' as const) },
          { weight: 3, arbitrary: values },
        ),
      ),
    ),
  );
}

const STEP = fc.record({
  models: fc.tuple(...['credit-risk', 'fraud'].map((name) => fc.tuple(fc.constant(name), fc.option(MODEL)))),
  versions: slots(['credit-risk 1', 'credit-risk 2', 'credit-risk 10', 'fraud 1', 'fraud 2'], VERSION),
  runs: slots(['r1', 'r2', 'r\0'], RUN),
  experiments: slots(['1', '2'], EXPERIMENT),
  pageSize: fc.integer({ min: 1, max: 3 }),
});

function moved<Value>(
  held: Map<string, Value>,
  step: readonly (readonly [name: string, value: Value | 'same' | 'gone'])[],
): Map<string, Value> {
  const next = new Map(held);
  for (const [name, value] of step) {
    if (value === 'gone') next.delete(name);
    else if (value !== 'same') next.set(name, value);
  }
  return next;
}

interface State extends RegistrySketch {
  named: Map<string, Omit<VersionSketch, 'model' | 'version'>>;
}

const NOTHING: State = {
  models: new Map(['credit-risk', 'fraud'].map((name) => [name, { description: '', tags: [] }])),
  named: new Map(),
  versions: [],
  runs: new Map(),
  experiments: new Map(),
};

/** The registry after each of ten to twelve random changes, and the size of the pages in which it is read then. */
export const HISTORY = fc.array(STEP, { minLength: 10, maxLength: 12 }).map((steps) => {
  let state = NOTHING;
  return steps.map((step): { registry: RegistrySketch; pageSize: number } => {
    const named = moved(state.named, step.versions);
    state = {
      models: new Map([
        ...state.models,
        ...step.models.flatMap(([name, model]) => (model ? [[name, model] as const] : [])),
      ]),
      named,
      versions: [...named].map(([name, sketch]) => {
        const [model = '', version = ''] = name.split(' ');
        return { ...sketch, model, version };
      }),
      runs: moved(new Map(state.runs), step.runs),
      experiments: moved(new Map(state.experiments), step.experiments),
    };
    return { registry: state, pageSize: step.pageSize };
  });
});

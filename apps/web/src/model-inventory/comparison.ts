import type { MetricValue, ModelVersionDetail } from '@vw/shared-contracts';
import { datasetText } from '../ui/change-text';
import { instantText } from '../ui/time-text';
import type { ComparedField } from './compare-table';
import { differenceText } from './numbers';

export interface ComparedPart {
  heading: string;
  /** What a row of it is: `Metric`. */
  kind: string;
  fields: ComparedField[];
}

/** From the other version to the shown one, in the order of the drawer. */
export function comparisonOf(old: ModelVersionDetail, now: ModelVersionDetail): ComparedPart[] {
  const texts = (of: (version: ModelVersionDetail) => Record<string, string>): ComparedField[] =>
    named(of(old), of(now)).map(([name, ...values]) => fieldOf(name, ...values));
  const metrics = named(old.metrics, now.metrics).map(([name, before, after]) => ({
    ...fieldOf(name, textOf(before), textOf(after)),
    ...numberDifference(before, after),
  }));
  return [
    { heading: 'Model metadata', kind: 'Field', fields: metadataOf(old, now) },
    { heading: 'Metrics', kind: 'Metric', fields: metrics },
    { heading: 'Parameters', kind: 'Parameter', fields: texts(({ parameters }) => parameters) },
    { heading: 'Tags', kind: 'Tag', fields: texts(({ tags }) => tags) },
  ];
}

function metadataOf(old: ModelVersionDetail, now: ModelVersionDetail): ComparedField[] {
  const of = (name: string, value: (version: ModelVersionDetail) => string | null): ComparedField =>
    fieldOf(name, value(old) || null, value(now) || null);
  return [
    of('Lifecycle stage', ({ stage }) => stage),
    of('Aliases', ({ aliases }) => aliases.map((alias) => `@${alias}`).join(', ')),
    of('Run ID', ({ runId }) => runId),
    of('Run', ({ run }) => run && [run.status, run.state].filter((word) => word !== null).join(', ')),
    of('Created', ({ createdAt }) => instantText(createdAt, 'full', 0)),
    of('Description', ({ description }) => description),
    of('Experiment', ({ experiment }) => experiment && `${experiment.name} (${experiment.id})`),
    of('Git commit', ({ commit }) => commit),
    of('Made by account', ({ creator }) => creator),
    of('Datasets', ({ datasets }) => datasets.map(datasetText).join(', ')),
    of('Source', ({ source }) => source),
  ];
}

/** Every name that either has, in the order of the alphabet. */
function named<Value>(
  old: Record<string, Value>,
  now: Record<string, Value>,
): [name: string, old: Value | null, now: Value | null][] {
  const [before, after] = [new Map(Object.entries(old)), new Map(Object.entries(now))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort((a, b) => a.localeCompare(b))
    .map((name) => [name, before.get(name) ?? null, after.get(name) ?? null]);
}

function fieldOf(name: string, old: string | null, now: string | null): ComparedField {
  const word = old === null ? 'added' : now === null ? 'removed' : 'changed';
  return { name, old, new: now, differs: old !== now, difference: old === now ? '' : word };
}

function numberDifference(old: MetricValue | null, now: MetricValue | null): Partial<ComparedField> {
  const difference = old === now ? null : differenceText(now ?? undefined, old ?? undefined);
  return difference === null ? {} : { difference };
}

function textOf(value: MetricValue | null): string | null {
  return value === null ? null : String(value);
}

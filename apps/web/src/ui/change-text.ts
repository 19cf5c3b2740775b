import type { Change, VersionDataset } from '@vw/shared-contracts';

export interface ChangeText {
  kind: 'created' | 'updated' | 'removed';
  /** What changed: `Stage`, `Tag validation`, `Metric auc`. */
  label: string;
  /** Null where the values say nothing in one line. */
  old: string | null;
  new: string | null;
  /** The values have no room in the line of their change. */
  isLong: boolean;
}

/** Values up to this many characters stand in the line of their change. */
const SHORT_VALUE = 80;

const KINDS: readonly (readonly [prefix: string, word: string])[] = [
  ['tags.', 'Tag'],
  ['modelTags.', 'Model tag'],
  ['metrics.', 'Metric'],
  ['parameters.', 'Parameter'],
  ['run.', 'Run'],
  ['experiment.', 'Experiment'],
];

const LABELS = new Map<string, string>([
  ['stage', 'Stage'],
  ['description', 'Description'],
  ['modelDescription', 'Description of the model'],
  ['aliases', 'Aliases'],
  ['source', 'Source'],
  ['runId', 'Run'],
  ['run', 'Run'],
  ['experiment', 'Experiment'],
  ['commit', 'Git commit'],
  ['creator', 'Made by account'],
  ['datasets', 'Datasets'],
  ['createdAt', 'Creation timestamp'],
]);

const NOTHING = { old: null, new: null, isLong: false } as const;

/** A change in words. MLflow's own strings stay as they are. */
export function changeText(change: Change): ChangeText {
  const { field } = change;
  if (field === 'registered' || field === 'created' || (field === 'version' && change.old === null)) {
    return { kind: 'created', label: 'Registered in MLflow', ...NOTHING };
  }
  if (field === 'removedAt') {
    return change.new === null
      ? { kind: 'updated', label: 'Seen again in MLflow', ...NOTHING }
      : { kind: 'removed', label: 'Removed from MLflow', ...NOTHING };
  }
  const [old, now] = [valueText(change.old), valueText(change.new)];
  const isLong = [old, now].some((text) => text.length > SHORT_VALUE || text.includes('\n'));
  return { kind: 'updated', label: labelOf(field), old, new: now, isLong };
}

function labelOf(field: string): string {
  const kind = KINDS.find(([prefix]) => field.startsWith(prefix));
  return kind === undefined ? (LABELS.get(field) ?? field) : `${kind[1]} ${field.slice(kind[0].length)}`;
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((item) => valueText(item)).join(', ');
  if (isDataset(value)) return datasetText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `pd_2026q3 (9f2c41d7, training)`. */
export function datasetText({ name, digest, context }: VersionDataset): string {
  return `${name} (${[digest, context].filter((word) => word !== null).join(', ')})`;
}

function isDataset(value: unknown): value is VersionDataset {
  return typeof value === 'object' && value !== null && 'name' in value && 'digest' in value;
}

import type { Change, VersionDataset } from '@vw/shared-contracts';

export interface ChangeText {
  kind: 'created' | 'updated' | 'removed';
  /** What changed: `Stage`, `Tag validation`, `Metric auc`. */
  label: string;
  /** Null where the values say nothing in one line. */
  old: string | null;
  new: string | null;
}

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
  ['aliases', 'Aliases'],
  ['source', 'Source'],
  ['runId', 'Run'],
  ['run', 'Run'],
  ['experiment', 'Experiment'],
  ['commit', 'Git commit'],
  ['datasets', 'Datasets'],
  ['createdAt', 'Creation timestamp'],
]);

/** A change in words. MLflow's own strings stay as they are. */
export function changeText(change: Change): ChangeText {
  const { field } = change;
  if (field === 'registered' || field === 'created' || (field === 'version' && change.old === null)) {
    return { kind: 'created', label: 'Registered in MLflow', old: null, new: null };
  }
  if (field === 'removedAt') {
    return change.new === null
      ? { kind: 'updated', label: 'Seen again in MLflow', old: null, new: null }
      : { kind: 'removed', label: 'Removed from MLflow', old: null, new: null };
  }
  if (field === 'description') return { kind: 'updated', label: 'Description changed', old: null, new: null };
  if (field === 'modelDescription') {
    return { kind: 'updated', label: 'Description of the model changed', old: null, new: null };
  }
  return { kind: 'updated', label: labelOf(field), old: valueText(change.old), new: valueText(change.new) };
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

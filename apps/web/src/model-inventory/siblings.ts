import type { MetricCourse, ModelVersionDetail, ModelVersionRow } from '@vw/shared-contracts';
import { byVersion } from './numbers';
import type { VersionChoice } from './version-picker';

/** The versions of the model that `shown` is of, newest first: those among `rows`, and all that share a metric with it. */
export function siblingsOf(
  shown: ModelVersionDetail,
  rows: readonly ModelVersionRow[],
  course: MetricCourse | undefined,
): VersionChoice[] {
  const choices = new Map<string, VersionChoice>();
  for (const { versionId, version } of Object.values(course?.metrics ?? {}).flat())
    choices.set(versionId, { id: versionId, version, note: '' });
  for (const row of rows) if (row.modelName === shown.modelName) choices.set(row.id, choiceOf(row));
  choices.set(shown.id, choiceOf(shown));
  return [...choices.values()].sort((a, b) => byVersion(b.version, a.version));
}

function choiceOf({ id, version, stage, removedAt }: ModelVersionRow): VersionChoice {
  return { id, version, note: removedAt === null ? stage : 'removed' };
}

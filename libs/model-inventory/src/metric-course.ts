import type { Transaction } from '@vw/platform';
import type { MetricCourse, MetricPoint, MetricValue } from '@vw/shared-contracts';

interface PointRow {
  name: string;
  id: string;
  version: string;
  value: MetricValue;
}

/** Values of a course: a model may have ten thousand versions, and a run a thousand metrics. */
const MOST_POINTS = 100_000;

/**
 * The metrics that the version has, over all versions of its model that are there, and itself where it is not. Where these are more values
 * than `most`, over the newest versions.
 */
export async function selectMetricCourse(
  tx: Transaction,
  orgId: string,
  { id, most = MOST_POINTS }: { id: string; most?: number },
): Promise<MetricCourse> {
  const [size] = await tx.query<{ metrics: number; versions: number }>(
    `SELECT (SELECT count(*)::int FROM jsonb_object_keys(own.metrics)) AS metrics,
       (SELECT count(*)::int FROM model_version v WHERE v.org_id = asked.org_id AND v.model_id = asked.model_id
        AND (v.removed_at IS NULL OR v.id = asked.id)) AS versions
     FROM model_version asked
     JOIN run own ON own.org_id = asked.org_id AND own.source_id = asked.source_id AND own.run_id = asked.evidence_id
     WHERE asked.org_id = $1 AND asked.id = $2`,
    [orgId, id],
  );
  if (!size || size.metrics === 0) return { metrics: {}, leftOut: 0 };
  const versions = Math.max(1, Math.floor(most / size.metrics));
  const rows = await tx.query<PointRow>(
    `SELECT n.name, v.id, v.version, r.metrics -> n.name AS value
     FROM model_version asked
     JOIN run own ON own.org_id = asked.org_id AND own.source_id = asked.source_id AND own.run_id = asked.evidence_id
     CROSS JOIN LATERAL (
       SELECT * FROM model_version v WHERE v.org_id = asked.org_id AND v.model_id = asked.model_id AND (v.removed_at IS NULL OR v.id = asked.id)
       ORDER BY v.id = asked.id DESC, v.version_number DESC, v.id DESC LIMIT $3
     ) v
     JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
     CROSS JOIN LATERAL jsonb_object_keys(own.metrics) AS n (name)
     WHERE asked.org_id = $1 AND asked.id = $2 AND r.metrics ? n.name ORDER BY v.version_number, v.id`,
    [orgId, id, versions],
  );
  const courses = new Map<string, MetricPoint[]>();
  for (const { name, id: versionId, version, value } of rows) {
    const point = { versionId, version, value };
    const course = courses.get(name);
    if (course) course.push(point);
    else courses.set(name, [point]);
  }
  return { metrics: Object.fromEntries(courses), leftOut: Math.max(0, size.versions - versions) };
}

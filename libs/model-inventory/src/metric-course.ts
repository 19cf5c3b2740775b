import type { Transaction } from '@vw/platform';
import type { MetricCourse, MetricPoint, MetricValue } from '@vw/shared-contracts';

interface PointRow {
  name: string;
  id: string;
  version: string;
  value: MetricValue;
}

/** The metrics that the version has, over all versions of its model that are there, and itself where it is not. */
export async function selectMetricCourse(tx: Transaction, orgId: string, id: string): Promise<MetricCourse> {
  const rows = await tx.query<PointRow>(
    `SELECT n.name, v.id, v.version, r.metrics -> n.name AS value
     FROM model_version asked
     JOIN run own ON own.org_id = asked.org_id AND own.source_id = asked.source_id AND own.run_id = asked.evidence_id
     CROSS JOIN LATERAL jsonb_object_keys(own.metrics) AS n (name)
     JOIN model_version v ON v.org_id = asked.org_id AND v.model_id = asked.model_id AND (v.removed_at IS NULL OR v.id = asked.id)
     JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id AND r.metrics ? n.name
     WHERE asked.org_id = $1 AND asked.id = $2 ORDER BY v.version_number, v.id`,
    [orgId, id],
  );
  const courses = new Map<string, MetricPoint[]>();
  for (const { name, id: versionId, version, value } of rows) {
    const point = { versionId, version, value };
    const course = courses.get(name);
    if (course) course.push(point);
    else courses.set(name, [point]);
  }
  return { metrics: Object.fromEntries(courses) };
}

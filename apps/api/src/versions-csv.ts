import { csvRecord } from '@vw/audit';
import type { ModelVersionRow } from '@vw/shared-contracts';

/** The fields of a row as the wire names them. */
const COLUMNS = [
  'id',
  'modelName',
  'version',
  'stage',
  'aliases',
  'createdAt',
  'updatedAt',
  'description',
  'removedAt',
  'openGaps',
  'live',
] as const satisfies readonly (keyof ModelVersionRow)[];

/** The header, then the rows part by part. */
export async function* versionsCsv(parts: AsyncIterable<readonly ModelVersionRow[]>): AsyncGenerator<string> {
  yield csvRecord(COLUMNS);
  for await (const rows of parts) {
    yield rows.map((row) => csvRecord(COLUMNS.map((column) => cell(row[column])))).join('');
  }
}

/** Null is an empty cell. MLflow's aliases hold no semicolon. */
function cell(value: ModelVersionRow[keyof ModelVersionRow]): string {
  return Array.isArray(value) ? value.join(';') : String(value ?? '');
}

import { counted } from '../ui/time-text';
import { factText, isObject } from './event-facts';

/** Findings of one rule that went from one status to another in one event. */
export interface MovedFindings {
  rule: string;
  title: string;
  /** `credit-risk-pd v7 and 2 more: open → satisfied`. */
  text: string;
}

const STATUS_WORDS: ReadonlyMap<unknown, string> = new Map([
  [null, 'new'],
  ['acknowledged', 'waiver asked for'],
]);

/** What the event `findings.moved` tells of itself. An older one names neither rule nor version, only how many moved. */
export function movedFindings(after: unknown): MovedFindings[] {
  const moves: unknown = isObject(after) ? Reflect.get(after, 'moves') : undefined;
  if (!Array.isArray(moves)) return [];
  return moves.filter(isObject).map((move) => {
    const { rule, title, n, versions, old = null, new: now }: Record<string, unknown> = { ...move };
    const count = typeof n === 'number' ? n : 0;
    const named = Array.isArray(versions) ? versions.filter(isObject).map(versionText) : [];
    const rest = count - named.length;
    const what =
      named.length === 0
        ? counted(count, 'finding')
        : `${named.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en-US')} more` : ''}`;
    return {
      rule: typeof rule === 'string' ? rule : '',
      title: typeof title === 'string' ? title : '',
      text: `${what}: ${statusText(old)} → ${statusText(now)}`,
    };
  });
}

function versionText(version: object): string {
  return `${factText(Reflect.get(version, 'model'))} v${factText(Reflect.get(version, 'version'))}`;
}

function statusText(status: unknown): string {
  return STATUS_WORDS.get(status) ?? factText(status);
}

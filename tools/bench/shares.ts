import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** Parts of the worker's time in a sync, in the order in which they are told. */
const SHARES = ['JSON', 'hashing', 'SQL', 'HTTP', 'garbage', 'all else'] as const;

export type Shares = Record<(typeof SHARES)[number], number>;

/** V8 has it write the profile when it ends. */
export function profiledInto(folder: string): Record<string, string> {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
}

/** What the worker did with its time, start and idleness left out; each part of 1. */
export function sharesOf(folder: string): Shares {
  const profile = readdirSync(folder)
    .map((name): CpuProfile => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .find(({ nodes }) => nodes.some(({ callFrame }) => callFrame.url.endsWith('worker/main.js')));
  if (!profile) throw new Error('The worker left no profile.');
  const kinds = kindsOf(profile);
  const times: Shares = { JSON: 0, hashing: 0, SQL: 0, HTTP: 0, garbage: 0, 'all else': 0 };
  profile.samples.forEach((sample, index) => {
    const kind = kinds.get(sample);
    if (kind) times[kind] += profile.timeDeltas[index] ?? 0;
  });
  const whole = SHARES.reduce((sum, name) => sum + times[name], 0);
  for (const name of SHARES) times[name] /= whole;
  return times;
}

/** The kind of each node is its own, or that of whoever called it; null is left out, with all that it calls. */
function kindsOf({ nodes }: CpuProfile): ReadonlyMap<number, keyof Shares | null> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kinds = new Map<number, keyof Shares | null>();
  const visit = (id: number, inherited: keyof Shares | null): void => {
    const node = byId.get(id);
    if (!node) return;
    const kind = inherited === null ? null : (kindOf(node.callFrame) ?? inherited);
    const own = isLeftOut(node.callFrame) ? null : kind;
    kinds.set(id, own);
    for (const child of node.children ?? []) visit(child, own);
  };
  const [root] = nodes;
  if (root) visit(root.id, 'all else');
  return kinds;
}

function isLeftOut({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): boolean {
  return functionName === '(idle)' || /modules\/(esm|cjs|run_main)|bootstrap/.test(url);
}

function kindOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): keyof Shares | null {
  if (functionName === '(garbage collector)') return 'garbage';
  if (/^(parseTolerantJson|stringify|upsert\w+|insertChanges|writeFindings)$/.test(functionName))
    return 'JSON';
  if (/^(hashOf|digestId)$/.test(functionName)) return 'hashing';
  if (/node_modules\/(pg|pg-\w+|typeorm)\//.test(url)) return 'SQL';
  return /node_modules\/undici\/|capped-body/.test(url) ? 'HTTP' : null;
}

export function toText(shares: Shares): string {
  return SHARES.map((name) => `${name} ${(shares[name] * 100).toFixed(0)} %`).join(', ');
}

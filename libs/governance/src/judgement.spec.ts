import type { VersionFacts } from '@vw/model-inventory';
import type { Requirement } from '@vw/shared-contracts';
import { RULES, type RuleId } from './catalogue';
import { judge, type Judgement, type SignedAttestation, type Subject } from './judgement';

const NOW = new Date('2026-11-18T12:00:00Z');
const daysAgo = (days: number): Date => new Date(+NOW - days * 86_400_000);
const inDays = (days: number): Date => daysAgo(-days);

const CODE = { commit: '3f9c0c1e', datasets: [] };
const FACTS: VersionFacts = {
  ...{
    id: 'v',
    modelId: 'm',
    modelName: 'credit-risk-pd',
    version: '7',
    stage: 'Production',
    aliases: [],
    live: true,
  },
  ...{ removedAt: null, hash: '00', description: 'Probability of default.', modelDescription: '' },
  ...{ tags: { dataset: 'pd_2026q3' }, modelTags: {} },
  evidence: { state: 'active', status: 'FINISHED', metrics: { auc: 0.87 }, parameters: {}, ...CODE },
  ...{ movedAt: daysAgo(20), changedAt: null },
};

const signed = (requirement: Requirement, more: Partial<SignedAttestation> = {}): SignedAttestation => ({
  requirement,
  ...{ result: 'passed', attestedAt: daysAgo(10), expiresAt: inDays(355), signer: 'José Muñoz' },
  ...{ evidenceSha256: null, signerEmail: 'jose@norrfjard.example', byOwner: false },
  ...more,
});

const REVIEWED = [signed('bias-assessment'), signed('security-review'), signed('privacy-evaluation')];

/** A live version that nothing is wrong with. */
const subject = (facts: Partial<VersionFacts> = {}, more: Partial<Subject> = {}): Subject => ({
  facts: { ...FACTS, ...facts },
  entry: { owner: 'kreditrisk', riskTier: 'high', approvalStatus: 'pending', approvedAt: null },
  attestations: REVIEWED,
  asIfLive: false,
  now: NOW,
  ...more,
});

const of = (rule: RuleId, asked: Subject): Judgement => {
  const found = judge(asked).find((one) => one.rule === rule);
  if (!found) throw new Error(`no judgement of ${rule}`);
  return found;
};

const run = (more: Partial<NonNullable<VersionFacts['evidence']>>): Partial<VersionFacts> => ({
  evidence: { state: 'active', status: 'FINISHED', metrics: { auc: 0.87 }, parameters: {}, ...CODE, ...more },
});
const approved = (at: Date): Partial<Subject> => ({
  entry: { owner: 'kreditrisk', riskTier: 'high', approvalStatus: 'approved', approvedAt: at },
});

describe('the catalogue', () => {
  it('holds fourteen rules, each of which only supports evidence and claims no compliance', () => {
    expect(RULES.map((rule) => rule.id)).toEqual(
      Array.from({ length: 14 }, (_, index) => `G${String(index + 1).padStart(2, '0')}`),
    );
    for (const rule of RULES) {
      expect(rule.mappings.length).toBeGreaterThan(0);
      for (const mapping of rule.mappings) expect(mapping).toMatch(/^supports evidence for /);
    }
    expect(JSON.stringify(RULES)).not.toMatch(/complian/i);
  });

  it('finds nothing in a live version that has all that it asks for', () => {
    expect(judge(subject()).filter((one) => one.verdict !== 'met')).toEqual([]);
  });

  /** A rule, what opens its finding, and what closes it. */
  const examples: [RuleId, string, Subject, Subject][] = [
    ['G01', 'no bias assessment', subject({}, { attestations: REVIEWED.slice(1) }), subject()],
    ['G02', 'no security review', subject({}, { attestations: [] }), subject()],
    ['G03', 'no privacy evaluation', subject({}, { attestations: REVIEWED.slice(0, 2) }), subject()],
    ['G04', 'a move after the reviews', subject({ movedAt: daysAgo(1) }), subject({ movedAt: daysAgo(11) })],
    [
      'G04',
      'a move before the approval',
      subject({ movedAt: daysAgo(1) }),
      subject({ movedAt: daysAgo(1) }, approved(NOW)),
    ],
    [
      'G05',
      'a low ratio',
      subject(run({ metrics: { disparate_impact: 0.79 } })),
      subject(run({ metrics: { disparate_impact: 0.8 } })),
    ],
    [
      'G05',
      'a high ratio under a prefix',
      subject(run({ metrics: { 'eval.Disparate_Impact': 1.3 } })),
      subject(run({ metrics: { 'eval.Disparate_Impact': 1.25 } })),
    ],
    [
      'G05',
      'an infinite ratio',
      subject(run({ metrics: { disparate_impact: 'Infinity' } })),
      subject(run({ metrics: { my_disparate_impact: 9 } })),
    ],
    [
      'G06',
      'a change after approval',
      subject({ changedAt: daysAgo(1) }, approved(daysAgo(2))),
      subject({ changedAt: daysAgo(1) }, approved(NOW)),
    ],
    [
      'G07',
      'an expired evaluation',
      subject({}, { attestations: [signed('security-review', { expiresAt: daysAgo(1) })] }),
      subject(),
    ],
    [
      'G07',
      'an evaluation older than 365 days',
      subject(
        {},
        { attestations: [signed('security-review', { attestedAt: daysAgo(366), expiresAt: inDays(1) })] },
      ),
      subject(),
    ],
    ['G08', 'no metrics', subject(run({ metrics: {} })), subject()],
    [
      'G09',
      'no owner',
      subject({}, { entry: { owner: null, riskTier: 'high', approvalStatus: 'pending', approvedAt: null } }),
      subject(),
    ],
    ['G10', 'a removal while live', subject({ removedAt: '2026-11-18 10:00:00+00' }), subject()],
    [
      'G11',
      'no dataset',
      subject({ tags: {} }),
      subject({ tags: {}, ...run({ parameters: { 'Dataset.train': 's3://x' } }) }),
    ],
    [
      'G11',
      'nothing logged',
      subject({ tags: {} }),
      subject({ tags: {}, ...run({ datasets: [{ name: 'pd_2026q3', digest: '9f2c', context: null }] }) }),
    ],
    [
      'G12',
      'no description',
      subject({ description: ' ' }),
      subject({ description: '', modelDescription: 'A model.' }),
    ],
    [
      'G13',
      'no risk tier',
      subject({}, { entry: { owner: 'x', riskTier: null, approvalStatus: 'pending', approvedAt: null } }),
      subject(),
    ],
    ['G14', 'no run', subject({ evidence: null }), subject()],
    ['G14', 'a run that failed', subject(run({ status: 'FAILED' })), subject()],
    ['G14', 'a run that is missing', subject(run({ state: 'missing' })), subject(run({ state: 'deleted' }))],
    ['G14', 'no commit', subject(run({ commit: null })), subject()],
  ];

  it.each(examples)('%s is a gap at %s, and not without it', (rule, _what, opens, closes) => {
    expect(of(rule, opens)).toMatchObject({ verdict: 'gap', reason: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(of(rule, closes).verdict).toBe('met');
  });

  it('says of every day that it tells that it is one of UTC', () => {
    const failed = signed('security-review', { result: 'failed' });
    const told = [
      ...examples.flatMap(([, , opens, closes]) => [opens, closes]),
      subject({}, { attestations: [failed] }),
    ]
      .flatMap((one) => judge(one))
      .flatMap(({ reason }) => reason.match(/\d{4}-\d\d-\d\d.{0,4}/g) ?? []);
    expect(told.length).toBeGreaterThan(10);
    for (const day of told) expect(day).toMatch(/ UTC$/);
  });

  it('calls what it cannot read unknown, neither a gap nor none', () => {
    for (const state of ['missing', 'unreadable'] as const) {
      const unread = subject({ tags: {}, ...run({ state, metrics: {} }) }, { attestations: [] });
      for (const rule of ['G01', 'G05', 'G08', 'G11'] as const)
        expect([rule, of(rule, unread).verdict]).toEqual([rule, 'unknown']);
      expect(of('G02', unread).verdict).toBe('gap');
    }
    expect(of('G14', subject(run({ state: 'unreadable', commit: null }))).verdict).toBe('unknown');
    expect(of('G05', subject(run({ metrics: { disparate_impact: 'NaN' } }))).verdict).toBe('unknown');
  });

  it('lets an attestation stand where the run can no longer be read', () => {
    expect(of('G01', subject(run({ state: 'unreadable' }))).verdict).toBe('met');
  });

  it('says what kind of review lacks', () => {
    const lack = (attestation: SignedAttestation): Judgement =>
      of('G02', subject({}, { attestations: [attestation] }));
    expect(lack(signed('bias-assessment')).lack).toBe('missing');
    expect(lack(signed('security-review', { result: 'failed' })).lack).toBe('failed');
    expect(lack(signed('security-review', { expiresAt: NOW })).lack).toBe('expired');
  });

  it('counts the newest attestation', () => {
    const failed = signed('security-review', { result: 'failed', attestedAt: daysAgo(5) });
    expect(of('G02', subject({}, { attestations: [failed, ...REVIEWED] })).lack).toBe('failed');
    expect(
      of(
        'G02',
        subject({}, { attestations: [signed('security-review', { attestedAt: daysAgo(1) }), failed] }),
      ).verdict,
    ).toBe('met');
  });

  it('does not count what the owner of the model signed, unless it says failed', () => {
    const own = signed('security-review', { byOwner: true });
    expect(of('G02', subject({}, { attestations: [own] }))).toMatchObject({
      verdict: 'gap',
      lack: 'missing',
      reason: expect.stringContaining('by the owner'),
    });
    expect(of('G02', subject({}, { attestations: [own, signed('security-review')] })).verdict).toBe('met');
    expect(of('G02', subject({}, { attestations: [{ ...own, result: 'failed' }, ...REVIEWED] })).lack).toBe(
      'failed',
    );
    for (const owner of [
      'José Muñoz',
      'JOSE@norrfjard.example',
      ' mailto:jose@norrfjard.example',
      'J. Muñoz <jose@norrfjard.example>',
      'Rin Sato, José Muñoz (risk)',
      'rin@norrfjard.example; JOSE@norrfjard.example',
    ]) {
      const later = { owner, riskTier: 'high', approvalStatus: 'pending', approvedAt: null } as const;
      expect(of('G02', subject({}, { entry: later })).verdict).toBe('gap');
    }
  });

  it('takes a tag for a claim only', () => {
    const claimed = subject({ tags: { 'Security.Review': 'passed' } }, { attestations: [] });
    expect(of('G02', claimed)).toMatchObject({
      verdict: 'gap',
      reason: expect.stringContaining('claims "passed"'),
    });
  });

  it('asks nothing of a version that is not live, and all of it when asked as if it were', () => {
    const staging = subject({ live: false, stage: 'Staging' }, { attestations: [] });
    expect(judge(staging).every((one) => one.verdict === 'not-required' || one.rule === 'G10')).toBe(true);
    expect(
      judge({ ...staging, asIfLive: true })
        .filter((one) => one.verdict === 'gap')
        .map((one) => one.rule),
    ).toEqual(['G01', 'G02', 'G03']);
  });
});

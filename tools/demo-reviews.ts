import type { DemoApi } from './demo-api.ts';

const ALL = ['bias-assessment', 'security-review', 'privacy-evaluation'];

/** Some live versions have their reviews, some lack them: a bank as it is. */
const REVIEWED: readonly { model: string; requirements: readonly string[]; result?: 'failed' }[] = [
  { model: 'credit-risk-pd', requirements: ['bias-assessment', 'security-review'] },
  { model: 'détection-fraude-temps-réel', requirements: ALL },
  { model: 'kyc-document-classifier', requirements: ['security-review', 'privacy-evaluation'] },
  { model: 'mortgage-prepayment', requirements: ALL },
  { model: 'insurance-claims-triage', requirements: ['bias-assessment'], result: 'failed' },
];

const OWNED = [
  {
    model: 'credit-risk-pd',
    owner: 'Kreditrisk',
    purpose: 'Granting unsecured retail loans',
    riskTier: 'high',
  },
  { model: 'mortgage-prepayment', owner: 'Treasury', purpose: 'Funding plan', riskTier: 'limited' },
];

/** What people would have signed by now, once: a second start of the demo finds it and adds nothing. */
export async function addReviews(api: DemoApi): Promise<void> {
  const { requirements = [] } = await api.call('GET', 'governance/summary');
  if (requirements.some(({ covered, failed }) => covered + failed > 0)) return;
  for (const { model, requirements: reviews, result = 'passed' } of REVIEWED) {
    const { items: versions = [] } = await api.call(
      'GET',
      `model-inventory/mlflow/versions?search=${encodeURIComponent(model)}&stage=Production&limit=1`,
    );
    for (const requirement of reviews) {
      const evidenceUrl = `https://evidence.norrfjard.example/${requirement}/${encodeURIComponent(model)}`;
      await api.call('POST', 'governance/attestations', {
        versionId: versions[0]?.id,
        requirement,
        result,
        evidenceUrl,
      });
    }
  }
  for (const { model, ...entry } of OWNED) {
    const { items: entries = [] } = await api.call(
      'GET',
      `model-inventory/entries?search=${encodeURIComponent(model)}&limit=1`,
    );
    await api.call('PATCH', `model-inventory/entries/${entries[0]?.id}`, entry);
  }
}

import type { DatasetInput, RunData } from './mlflow-api.ts';

export type DemoStage = 'None' | 'Staging' | 'Production' | 'Archived';

export interface DemoModel {
  name: string;
  description?: string;
  tags?: Readonly<Record<string, string>>;
  experiment: string;
  /** One stage per version, oldest first. */
  stages: readonly DemoStage[];
  aliases?: Readonly<Record<string, number>>;
  /** Descriptions of versions by number. */
  notes?: Readonly<Record<number, string>>;
  versionTags?: Readonly<Record<string, string>>;
  params?: Readonly<Record<string, string>>;
  /** What every version was trained and measured on. */
  datasets?: readonly DatasetInput[];
  /** The newest version's metrics; older ones are a little worse. */
  metrics?: NonNullable<RunData['metrics']>;
}

const repeat = (count: number, stage: DemoStage): DemoStage[] => Array.from({ length: count }, () => stage);

/** What a bank of the north has in its registry: every stage, alias and script that the inventory has to show. */
export const DEMO_MODELS: readonly DemoModel[] = [
  {
    name: 'credit-risk-pd',
    description: 'Probability of default for unsecured retail lending.',
    tags: { owner: 'kreditrisk-modell', domain: 'credit' },
    experiment: 'kreditrisk/pd-retail',
    stages: ['Archived', 'Archived', 'Archived', 'Archived', 'None', 'Archived', 'Production', 'Staging'],
    aliases: { champion: 7, challenger: 8 },
    notes: {
      6: 'Calibration drifted in Finland.',
      7: 'Probability of default for unsecured retail lending in Sweden, Norway and Finland. Gradient-boosted trees with monotone constraints on income and utilisation. Replaces version 6, whose calibration drifted in Finland.',
      8: 'Challenger trained with bureau data of the third quarter.',
    },
    versionTags: {
      use_case: 'retail-unsecured',
      jurisdiction: 'SE, NO, FI',
      data_cutoff: '2026-08-31',
      validation: 'approved',
      pii: 'pseudonymised',
    },
    params: {
      algorithm: 'lightgbm',
      n_estimators: '640',
      learning_rate: '0.035',
      num_leaves: '48',
      max_depth: '7',
      min_child_samples: '220',
      feature_set: 'pd_2026q3',
      seed: '20260911',
    },
    datasets: [
      { name: 'pd_2026q3', digest: '9f2c41d7', context: 'training' },
      { name: 'pd_2026q3_holdout', digest: 'b07e5a18', context: 'evaluation' },
    ],
    metrics: { auc: 0.871, gini: 0.742, ks: 0.584, log_loss: 0.2489, brier_score: 0.0713, psi_12m: 0.043 },
  },
  {
    name: 'détection-fraude-temps-réel',
    description: 'Score de fraude par transaction carte, en temps réel.',
    tags: { owner: 'équipe-fraude', domain: 'payments' },
    experiment: 'fraude/cartes',
    stages: [...repeat(8, 'Archived'), 'None', 'None', 'Staging', 'Production'],
    aliases: { champion: 12, production: 12, challenger: 11 },
    notes: { 12: 'Score de fraude par transaction ; latence p99 de 18 ms. Seuil relevé après l’été.' },
    versionTags: { use_case: 'card-fraud', jurisdiction: 'FR, BE, LU', pii: 'oui' },
    params: { algorithm: 'xgboost', max_depth: '9', scale_pos_weight: '412.5' },
    metrics: {
      auc: 0.974,
      recall_at_1pct: 0.81,
      precision: 0.63,
      latency_p99_ms: 18.2,
      lift_infinite: 'Infinity',
    },
  },
  {
    name: 'aml-transaction-monitoring-graph-embeddings',
    experiment: 'aml/graph',
    stages: ['None'],
    versionTags: { stage_gate: 'exploration' },
    params: { embedding_dim: '128', walks_per_node: '40' },
    metrics: { pr_auc: 0.412, alerts_per_day: 318, calibration_slope: 'NaN', worst_case_loss: '-Infinity' },
  },
  {
    name: 'insurance-claims-triage',
    description: 'Routes motor claims by expected handling time.',
    tags: { owner: 'försäkring', domain: 'insurance' },
    experiment: 'insurance/claims',
    stages: ['Archived', 'Archived', 'Archived', 'Production'],
    aliases: { prod: 4 },
    notes: { 4: 'Routes motor claims by expected handling time and fraud suspicion.' },
    params: { algorithm: 'catboost', iterations: '1200' },
    metrics: { accuracy: 0.884, f1_macro: 0.851 },
  },
  {
    name: '与信スコアリング-個人ローン',
    description: '個人ローンの与信スコアリング。',
    tags: { owner: '山田 凛', domain: 'credit' },
    experiment: '与信/個人ローン',
    stages: ['None', 'Staging'],
    aliases: { challenger: 2 },
    notes: { 2: 'Credit scoring for personal loans in Japan. 金融庁ガイドライン対応。' },
    versionTags: { 管轄: '日本', データ基準日: '2026-09-30' },
    params: { algorithm: 'logistic', 正則化: '0.1' },
    metrics: { auc: 0.812, ks: 0.491 },
  },
  {
    name: 'kundbortfall-prediktion-småföretag',
    description: 'Predicts churn of small-business customers.',
    tags: { owner: 'Åsa Lindqvist', domain: 'retention' },
    experiment: 'crm/kundbortfall',
    stages: ['Archived', 'Archived', 'Production'],
    aliases: { champion: 3 },
    notes: { 3: 'Predicts churn of small-business customers within 90 days.' },
    versionTags: { jurisdiction: 'SE', validation: 'approved' },
    params: { algorithm: 'random_forest', n_estimators: '400' },
    metrics: { auc: 0.793, precision_at_500: 0.44 },
  },
  {
    name: 'mortgage-prepayment',
    description: 'Conditional prepayment rates of fixed-rate mortgages.',
    tags: { owner: 'treasury-quant', domain: 'mortgages' },
    experiment: 'treasury/prepayment',
    stages: [...repeat(7, 'Archived'), 'None', 'Production'],
    aliases: { champion: 9 },
    notes: { 9: 'Conditional prepayment model with the refinancing incentive as a spline.' },
    params: { link: 'cloglog', knots: '7' },
    metrics: { rmse: 0.0182, mae: 0.0119, r2: 0.77 },
  },
  {
    name: 'Δ-hedge-vol-surface',
    description: 'Arbitrage-free implied volatility surface for index options.',
    tags: { owner: 'Ελένη Παπαδοπούλου', domain: 'markets' },
    experiment: 'markets/vol-surface',
    stages: ['Archived', 'Staging'],
    notes: { 2: 'Arbitrage-free implied volatility surface; σ(k, τ) by SSVI with ρ, η, γ.' },
    params: { ρ: '-0.61', η: '1.12', γ: '0.44' },
    metrics: { rmse_vol_points: 0.31, butterfly_violations: 0, tail_index: 'NaN' },
  },
  {
    name: 'collections-next-best-action',
    description: 'Next best action for early collections.',
    experiment: 'collections/nba',
    stages: ['Archived', 'Archived', 'Archived', 'Archived', 'Archived', 'None'],
    notes: { 5: 'Replaced by version 6. Kept for appeals of decisions made with it.' },
    params: { policy: 'contextual-bandit' },
    metrics: { uplift: 0.061 },
  },
  {
    name: 'it\'s "fine" 🚀',
    description: 'Named at a hackathon: <b>quotes</b>, & an emoji 🚀, kept as it is.',
    tags: { note: `it's = "fine" 🚀`, ['__proto__']: 'ordinary' },
    experiment: 'hackathon/2026 🎉',
    stages: ['None', 'None'],
    notes: { 1: '=HYPERLINK("https://example.com";"not a formula")' },
    params: { 'learning rate': '1e-3' },
    metrics: { score: 0.999 },
  },
  {
    name: 'ifrs9-lgd-corporate',
    description: 'Loss given default of corporate exposures under IFRS 9.',
    tags: { owner: 'risk-methods', domain: 'credit' },
    experiment: 'ifrs9/lgd',
    stages: ['Archived', 'Production', 'Staging'],
    aliases: { champion: 2, challenger: 3 },
    notes: { 2: 'Two-stage model: cure probability, then the loss of what does not cure.' },
    versionTags: { regulation: 'IFRS 9', jurisdiction: 'EU' },
    params: { algorithm: 'beta-regression' },
    metrics: { mae: 0.084, bias: -0.003 },
  },
  {
    name: 'liquidity-stress-cashflow',
    description: 'Cash flow at risk over a 30-day stress horizon.',
    tags: { owner: 'treasury-quant' },
    experiment: 'treasury/liquidity',
    stages: ['None', 'Staging', 'None'],
    params: { scenarios: '10000', horizon_days: '30' },
    metrics: { var_99: 1.82e9, es_975: 2.14e9 },
  },
  {
    name: 'kyc-document-classifier',
    description: 'Sorts identity documents and finds unreadable scans.',
    tags: { owner: 'José Muñoz', domain: 'kyc' },
    experiment: 'kyc/documents',
    stages: ['Archived', 'Archived', 'Production'],
    aliases: { production: 3 },
    notes: { 3: 'Vision transformer, 14 document classes. Niños y señores: ñ included.' },
    versionTags: { jurisdiction: 'ES, PT', pii: 'special-category' },
    params: { backbone: 'vit-small', epochs: '24' },
    metrics: { top1_accuracy: 0.987, false_accept_rate: 0.0021 },
  },
];

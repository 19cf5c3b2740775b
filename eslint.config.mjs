import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

/** What connects to other servers: it lives in mlflow-client's egress only. */
const outbound = ['undici', '(node:)?(http|https|http2|net|tls|dgram)', 'axios', 'got', 'ky'];
const nodeBuiltins = [
  'node:*',
  'fs',
  'path',
  'crypto',
  'http',
  'https',
  'net',
  'child_process',
  'os',
  'stream',
];

const anyOf = (names) => `^(${names.join('|').replaceAll('*', '.*')})$`;
const restrict = (names, message) => [{ regex: anyOf(names), message }];

const EGRESS = 'Outbound requests go through mlflow-client: its egress rules guard them.';
/** Types open no connection. */
const noOutboundImports = restrict(outbound, EGRESS).map((one) => ({ ...one, allowTypeImports: true }));

/** All that runs in a server or in a command of an operator. */
const SERVER = ['apps/api/**/*.ts', 'apps/worker/**/*.ts', 'libs/**/*.ts', 'tools/commands/**/*.ts'];
/** What opens connections, and what tells their faults apart. */
const MAY_CONNECT = ['libs/mlflow-client/src/egress/**', 'libs/mlflow-client/src/error-ladder.ts'];
/** Every file that sees the text of a secret. */
const MAY_REVEAL = [
  // Sends MLflow its own credential.
  'libs/mlflow-client/src/egress/request-headers.ts',
  // Tells MLflow what to sign deliveries with, and checks the signatures.
  'libs/mlflow-client/src/webhooks.ts',
  'libs/mlflow-connection/src/delivery.ts',
  // Seals.
  'libs/credential-vault/src/credential-vault.ts',
  // For specs: signs as MLflow does.
  'apps/api/src/test-hooks.ts',
];

const syntax = [
  { selector: 'ExportAllDeclaration', message: 'Name what the barrel exports; no `export *`.' },
  { selector: 'TSEnumDeclaration', message: 'Use a literal union; the web imports types only.' },
];
const outboundSyntax = [
  // The rule for imports knows only those that stand at the top.
  { selector: `ImportExpression[source.value=/${anyOf(outbound)}/]`, message: EGRESS },
];
const revealingSyntax = [
  {
    selector: 'MemberExpression:matches([property.name="reveal"], [property.value="reveal"])',
    message: 'The files that may reveal a secret are named in eslint.config.mjs.',
  },
];

export default [
  { ignores: ['**/dist', '**/node_modules', '.data', '.nx', '.angular', 'apps/api/src/metadata.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', ...syntax],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          // The spec tools stand on platform, and platform's own specs use them.
          ignoredCircularDependencies: [['platform', 'testing']],
          allow: [],
          depConstraints: [
            {
              sourceTag: 'side:browser',
              onlyDependOnLibsWithTags: ['side:both'],
              bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'bullmq', 'undici', 'node:*'],
            },
            {
              sourceTag: 'side:server',
              onlyDependOnLibsWithTags: ['side:server', 'side:client', 'side:both', 'side:testing'],
              bannedExternalImports: ['@angular/*'],
            },
            {
              sourceTag: 'side:client',
              onlyDependOnLibsWithTags: ['side:testing'],
              bannedExternalImports: ['@nestjs/*', '@angular/*', 'typeorm', 'pg', 'bullmq'],
            },
            {
              sourceTag: 'side:both',
              onlyDependOnLibsWithTags: ['side:both'],
              bannedExternalImports: ['@nestjs/*', '@angular/*', 'typeorm', 'pg'],
            },
            {
              sourceTag: 'room:platform',
              onlyDependOnLibsWithTags: ['room:shared-contracts', 'side:testing'],
            },
            {
              sourceTag: 'room:audit',
              onlyDependOnLibsWithTags: ['room:platform', 'room:shared-contracts', 'side:testing'],
            },
            {
              sourceTag: 'room:credential-vault',
              onlyDependOnLibsWithTags: [
                'room:audit',
                'room:mlflow-client',
                'room:platform',
                'room:shared-contracts',
                'side:testing',
              ],
            },
            {
              sourceTag: 'room:identity',
              onlyDependOnLibsWithTags: [
                'room:audit',
                'room:platform',
                'room:shared-contracts',
                'side:testing',
              ],
            },
            {
              sourceTag: 'room:sync-history',
              onlyDependOnLibsWithTags: ['room:platform', 'room:shared-contracts', 'side:testing'],
            },
            {
              sourceTag: 'room:model-inventory',
              onlyDependOnLibsWithTags: ['room:platform', 'room:shared-contracts', 'side:testing'],
            },
            {
              sourceTag: 'room:mlflow-connection',
              onlyDependOnLibsWithTags: [
                'room:credential-vault',
                'room:mlflow-client',
                'room:sync-history',
                'room:audit',
                'room:platform',
                'room:shared-contracts',
                'side:testing',
              ],
            },
            {
              sourceTag: 'room:sync-engine',
              onlyDependOnLibsWithTags: [
                'room:mlflow-connection',
                'room:mlflow-client',
                'room:model-inventory',
                'room:sync-history',
                'room:audit',
                'room:platform',
                'room:shared-contracts',
                'side:testing',
              ],
            },
            {
              sourceTag: 'room:governance',
              onlyDependOnLibsWithTags: [
                'room:model-inventory',
                'room:sync-history',
                'room:audit',
                'room:platform',
                'room:shared-contracts',
                'side:testing',
              ],
            },
            {
              sourceTag: 'door:worker',
              onlyDependOnLibsWithTags: [
                'room:sync-engine',
                'room:governance',
                'room:mlflow-connection',
                'room:sync-history',
                'room:model-inventory',
                'room:platform',
                'room:shared-contracts',
                'side:testing',
              ],
            },
            {
              sourceTag: 'door:api',
              onlyDependOnLibsWithTags: ['side:server', 'side:both', 'side:testing'],
              bannedExternalImports: ['typeorm', 'pg', '@nestjs/schedule', '@angular/*'],
            },
            { sourceTag: 'side:testing', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
    },
  },
  {
    files: SERVER,
    ignores: ['apps/worker/**', ...MAY_CONNECT, '**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: noOutboundImports,
          paths: [
            { name: '@nestjs/schedule', message: 'Only apps/worker owns a clock.' },
            {
              name: '@nestjs/bullmq',
              importNames: ['Processor', 'WorkerHost'],
              message: 'Only apps/worker processes jobs.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/worker/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: noOutboundImports }] },
  },
  {
    files: SERVER,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          globals: ['fetch', 'WebSocket', 'EventSource'].map((name) => ({ name, message: EGRESS })),
          checkGlobalObject: true,
        },
      ],
      'no-restricted-syntax': ['error', ...syntax, ...outboundSyntax, ...revealingSyntax],
    },
  },
  {
    files: MAY_REVEAL,
    rules: { 'no-restricted-syntax': ['error', ...syntax, ...outboundSyntax] },
  },
  {
    files: ['libs/**/*.ts', 'apps/api/**/*.ts', 'apps/worker/**/*.ts'],
    ignores: ['libs/platform/src/env.ts', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'platform/env is the only reader of process.env.' },
      ],
    },
  },
  {
    files: ['apps/web/**/*.ts', 'libs/shared-contracts/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: restrict(nodeBuiltins, 'This code runs in a browser.') },
      ],
    },
  },
  ...angular.configs.tsRecommended.map((config) => ({ ...config, files: ['apps/web/**/*.ts'] })),
  {
    files: ['apps/web/**/*.ts'],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/directive-class-suffix': 'off',
    },
  },
  ...[...angular.configs.templateRecommended, ...angular.configs.templateAccessibility].map((config) => ({
    ...config,
    files: ['apps/web/**/*.html'],
  })),
  {
    files: ['tools/**/*.ts', 'apps/web-e2e/**/*.ts'],
    // The tools run as they are, without a build: they reach each other by path.
    rules: { 'no-console': 'off', '@nx/enforce-module-boundaries': 'off' },
  },
];

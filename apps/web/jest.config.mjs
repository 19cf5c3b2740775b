import angular from 'jest-preset-angular/presets/index.js';

/** @type {import('jest').Config} */
export default {
  ...angular.createEsmPreset({
    tsconfig: '<rootDir>/tsconfig.spec.json',
    stringifyContentPathRegex: '\\.html$',
  }),
  rootDir: import.meta.dirname,
  testEnvironment: 'jest-preset-angular/environments/jest-jsdom-env.js',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  setupFilesAfterEnv: ['<rootDir>/jest-setup.ts'],
  moduleNameMapper: {
    '^@vw/shared-contracts$': '<rootDir>/../../libs/shared-contracts/src/index.ts',
    '^tslib$': '<rootDir>/../../node_modules/tslib/tslib.es6.mjs',
  },
  maxWorkers: 2,
  testTimeout: 20_000,
};

import type { Connection, ModelVersionDetail } from '@vw/shared-contracts';
import { mlflowUrlOf } from './mlflow-url';

const of = (version: object, connection: object): string | null =>
  mlflowUrlOf(
    { modelName: 'credit risk/pd', version: '7', removedAt: null, ...version } as ModelVersionDetail,
    { trackingServerUrl: 'https://mlflow.example/base/', workspace: null, ...connection } as Connection,
  );

describe('the way to a version in MLflow', () => {
  it('is its page in MLflow, whatever its name', () => {
    expect(of({}, {})).toBe('https://mlflow.example/base/#/models/credit%20risk%2Fpd/versions/7');
    expect(of({}, { trackingServerUrl: 'http://mlflow.example:5000' })).toBe(
      'http://mlflow.example:5000/#/models/credit%20risk%2Fpd/versions/7',
    );
  });

  it('leads into the workspace', () => {
    expect(of({}, { workspace: 'team a' })).toMatch(/versions\/7\?workspace=team%20a$/);
  });

  it('is none where the version is gone, nothing is connected or the address is no web page', () => {
    expect(of({ removedAt: '2026-01-01T00:00:00Z' }, {})).toBeNull();
    for (const trackingServerUrl of [null, '', 'mlflow', 'javascript:alert(1)', 'file:///etc'])
      expect(of({}, { trackingServerUrl })).toBeNull();
  });
});

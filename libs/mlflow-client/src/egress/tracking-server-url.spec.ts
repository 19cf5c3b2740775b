import { checkTrackingServerUrl } from './tracking-server-url';

describe('checkTrackingServerUrl', () => {
  it.each([
    'http://localhost:5000',
    'https://mlflow.example.com/prefix/',
    ' https://mlflow.example.com ',
    'http://[::1]:5000',
    'https://例え.jp',
  ])('accepts %j', (text) => {
    expect(checkTrackingServerUrl(text)).toMatchObject({ ok: true });
  });

  it.each([
    '',
    'mlflow.example.com',
    'ftp://mlflow.example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    'http://user:canary@mlflow',
    'http://user@mlflow',
    'http://@mlflow',
    'http://mlflow?token=canary',
    'http://mlflow/?',
    'http://mlflow/#/models',
    'http://mlflow/#',
    `http://mlflow/${'a'.repeat(2100)}`,
  ])('refuses %j without repeating it', (text) => {
    const check = checkTrackingServerUrl(text);
    expect(check).toEqual({ ok: false, message: expect.any(String) });
    expect(JSON.stringify(check)).not.toContain('canary');
  });
});

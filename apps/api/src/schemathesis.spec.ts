import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InvitedUser } from '@vw/shared-contracts';
import {
  describeWithPython,
  installSchemathesis,
  SCHEMATHESIS_INSTALL_MS,
  SCHEMATHESIS_RUN_MS,
} from '@vw/testing';
import { startTestApi, type TestApi } from './test-api';
import { fillTenant, type Tenant } from './test-tenants';

const DOCUMENT = resolve(import.meta.dirname, '../openapi.json');
/** The Admin last, whose requests revoke keys and send people away. */
const CALLERS = ['anyone', 'viewer', 'auditor', 'reviewer', 'key', 'admin'] as const;
type Caller = (typeof CALLERS)[number];
/**
 * Examples, every limit of every field, generated requests and chains of them; the same on every run, and a failure prints the request that
 * shows it. All checks but the two for 405: what is not there is 404, whatever the method.
 */
const OPTIONS = [
  ...['--phases', 'examples,coverage,fuzzing,stateful'],
  ...['--checks', 'all', '--exclude-checks', 'unsupported_method,allow_header_conformance'],
  ...['--seed', '1', '--max-examples', '5', '--generation-database', 'none', '--continue-on-failure'],
];
/** Ends the session that asks, or never ends; each has specs of its own. */
const leftOutFor = (who: Caller): string[] => {
  if (who === 'anyone') return [];
  return who === 'key' ? ['/live'] : ['/auth/sign-out', '/live'];
};
/** A right request may get 422: no schema can say that a cursor belongs to its filters, or that an instant lies ahead. */
const CONFIG = `
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 422]
`;
/** What a path does not have is refused before anybody looks who asks: one caller tries it for all. */
const OWN_METHODS_ONLY = `
[phases.coverage]
unexpected-methods = []
`;

describeWithPython('the OpenAPI document', () => {
  let api: TestApi;
  const folder = mkdtempSync(join(tmpdir(), 'vw-schemathesis-'));
  let tenant: Tenant;
  let url: string;
  let examine: Awaited<ReturnType<typeof installSchemathesis>>;

  beforeAll(async () => {
    [api, examine] = await Promise.all([startTestApi({ EGRESS_POLICY: 'public' }), installSchemathesis()]);
    tenant = await fillTenant(api, 'kestrel');
    await withoutLimits(api);
    await api.app.listen(0, '127.0.0.1');
    url = await api.app.getUrl();
  }, SCHEMATHESIS_INSTALL_MS);

  afterAll(async () => {
    await api?.close();
    rmSync(folder, { recursive: true });
  });

  /** Whoever asks is invited by the Admin, so that nothing the requests do ends the Admin's own session. */
  const credentialOf = async (who: Exclude<Caller, 'anyone'>): Promise<string> => {
    if (who === 'key') return `[auth.openapi.bearer]\nbearer = "${tenant.key}"\n`;
    const email = `${who}@roles.example`;
    const body = { name: who, email, role: who };
    const invited = await api.call('POST', '/users', { cookie: tenant.cookie, body });
    const cookie = await api.signIn(email, invited.json<InvitedUser>().oneTimePassword);
    return `[auth.openapi.cookie]\napi_key = "${cookie.split('=')[1]}"\n`;
  };

  it.each(CALLERS)(
    'tells the truth to a program that asks as %s, and no request makes the API fail',
    async (who) => {
      const config = join(folder, `${who}.toml`);
      const own = who === 'anyone' ? '' : OWN_METHODS_ONLY + (await credentialOf(who));
      writeFileSync(config, CONFIG + own);
      const { code, output } = await examine([
        ...['--config-file', config, 'run', DOCUMENT, '--url', url],
        ...['--header', 'Sec-Fetch-Site: same-origin', ...OPTIONS],
        ...leftOutFor(who).flatMap((path) => ['--exclude-path', `/api/v1${path}`]),
      ]);
      expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    },
    SCHEMATHESIS_RUN_MS,
  );
});

/** Counts no attempt. After ten tests in a minute, and five wrong passwords, no body would be looked at any more. */
async function withoutLimits({ test }: TestApi): Promise<void> {
  await test.asSuperuser(
    `CREATE FUNCTION count_nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER count_nothing BEFORE INSERT ON attempt_limit FOR EACH ROW EXECUTE FUNCTION count_nothing()`,
  );
}

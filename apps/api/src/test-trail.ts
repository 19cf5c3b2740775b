import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audit, verifyExport, type ExportVerification } from '@vw/audit';
import { Identity } from '@vw/identity';
import { Database } from '@vw/platform';
import type { AuditEventPage, AuditVerification, Me } from '@vw/shared-contracts';
import { startTestApi, type TestApi } from './test-api';

export type ExportName = 'csv' | 'jsonl';

interface Member {
  cookie: string;
  me: Me;
}

/** For specs: two organizations with a trail each, and what is asked of one. `admin` is the first one's. */
export interface TestTrail {
  api: TestApi;
  admin: Member;
  other: Member;
  note(orgId: string, action: string, more?: object): Promise<void>;
  /** As `admin`, who is a member of the first organization. */
  events(query?: string): Promise<AuditEventPage>;
  verify(who?: Member): Promise<AuditVerification>;
  exported(format: ExportName, query?: string, who?: Member): Promise<string>;
  /** The check of a file of this content, or of a fresh export. */
  checkFile(text: string): Promise<ExportVerification>;
  checkExport(format: ExportName, who?: Member): Promise<ExportVerification>;
  close(): Promise<void>;
}

/** Texts that a careless export would run, break at or lose. */
const AWKWARD = [
  ...['=HYPERLINK("x")', '+1', '-1', '@x', '\tx', '\rx', '＝1'],
  ...['a,"b"\r\nc', ' \u2028 ', '\ud800', '凛', ''],
];

/** The first organization's events: 1 and 2 of its start, 3 to 14 `thing.changed`, 15 to 19 `thing.counted`, 20 `user.invited`. */
export async function startTestTrail(): Promise<TestTrail> {
  const api = await startTestApi({ EGRESS_POLICY: 'private' });
  const folder = mkdtempSync(join(tmpdir(), 'vw-audit-'));
  const [admin, other] = [await found(api, 'asa@x.example'), await found(api, 'other@y.example')];
  const get = (path: string, { cookie } = admin) => api.call('GET', `/audit/${path}`, { cookie });
  const save = (text: string): string => {
    const file = join(folder, 'trail');
    writeFileSync(file, text);
    return file;
  };
  const trail: TestTrail = {
    api,
    admin,
    other,
    note: (orgId, action, more = {}) =>
      api.app.get(Database).orgTransaction(orgId, () =>
        api.app.get(Audit, { strict: false }).append(orgId, {
          actor: { id: null, name: null, via: 'worker' },
          action,
          subject: { type: 'thing', id: action, name: action },
          ...more,
        }),
      ),
    events: async (query = '') => (await get(`events${query}`)).json<AuditEventPage>(),
    verify: async (who) => (await get('verify', who)).json<AuditVerification>(),
    exported: async (format, query = '', who) => (await get(`events.${format}${query}`, who)).text,
    checkFile: (text) => verifyExport(save(text)),
    checkExport: async (format, who) => verifyExport(save(await trail.exported(format, '', who))),
    close: async () => {
      await api.close();
      rmSync(folder, { recursive: true });
    },
  };
  await fill(trail);
  return trail;
}

async function found(api: TestApi, email: string): Promise<Member> {
  const identity = api.app.get(Identity, { strict: false });
  const organization = { name: 'Bank', email, adminName: 'Åsa Lindqvist' };
  const { password } = await identity.createOrganization(organization);
  const cookie = await api.signIn(email, password);
  return { cookie, me: (await api.call('GET', '/auth/me', { cookie })).json<Me>() };
}

async function fill({ api, admin, other, note }: TestTrail): Promise<void> {
  const [orgId, otherId] = [admin.me.organization.id, other.me.organization.id];
  for (const [i, text] of AWKWARD.entries()) {
    const subject = { type: 'thing', id: `t${i}`, name: text };
    await note(orgId, 'thing.changed', { subject, before: text, after: { [text]: i, n: -1e-7 } });
  }
  for (let i = 0; i < 5; i += 1) {
    await note(orgId, 'thing.counted', { after: i });
    await note(otherId, 'thing.counted', { after: i });
  }
  const body = { name: 'José Muñoz', email: 'jose@x.example', role: 'viewer' };
  await api.call('POST', '/users', { cookie: admin.cookie, body });
}

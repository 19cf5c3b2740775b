import type { AuditEvent } from '@vw/shared-contracts';
import { ROLE_NAMES } from '../shell/roles';
import { counted } from '../ui/time-text';
import { factsOf, factText, isObject } from './event-facts';
import { movedFindings } from './moved-findings';

/** More than this many facts do not fit in one line. */
const MOST_FACTS = 3;

/** Reads one fact of an event; whatever stands there, or undefined. */
type Read = (name: string) => unknown;

const REFUSALS: ReadonlyMap<unknown, string> = new Map([
  ['wrong-password', 'Wrong password'],
  ['account-off', 'The account is off'],
  ['rate-limited', 'Too many attempts'],
]);

const LABELS: ReadonlyMap<string, string> = new Map([
  ['trackingServerUrl', 'URL'],
  ['requestTimeoutSeconds', 'Request timeout'],
  ['authMethod', 'Authentication'],
  ['username', 'Username'],
  ['verifyTls', 'TLS check'],
  ['caCertificate', 'CA certificate'],
  ['workspace', 'Workspace'],
  ['pollSeconds', 'Poll'],
  ['owner', 'Owner'],
  ['purpose', 'Purpose'],
  ['riskTier', 'Risk tier'],
  ['approvalStatus', 'Approval'],
  ['approvedAt', 'Approved at'],
]);

const DETAILS: ReadonlyMap<string, (after: Read, before: Read) => string> = new Map([
  ['session.refused', refusedSignIn],
  ['user.invited', (after: Read) => `As ${roleOf(after)}`],
  ['user.changed', changedPerson],
  ['user.password-changed', endedSessions],
  ['organization.created', () => ''],
  ['api-key.created', (after) => listed([scopesOf(after), `until ${dayOf(after('expiresAt'))}`])],
  ['api-key.revoked', (_after: Read, before: Read) => scopesOf(before)],
  ['connection.tested', testedConnection],
  ['connection.tried', testedConnection],
  ['sync.ended', endedSync],
  ['removals.confirmed', (after) => `${counted(countOf(after('removed')), 'version')} removed`],
  ['attestation.signed', signedAttestation],
  ['session.started', () => ''],
  ['waiver.requested', waivedRule],
  ['waiver.approved', waivedRule],
  ['waiver.refused', (after) => `${textOf(after, 'rule')}: ${textOf(after, 'closedReason')}`],
  ['waiver.withdrawn', waivedRule],
  ['gate.asked', askedGate],
]);

/** An event's facts in one line. Events that this page does not know show what changed, or their first facts. */
export function eventDetails({ action, before, after }: AuditEvent): string {
  if (action === 'findings.moved') {
    return shortened(movedFindings(after).map(({ rule, text }) => `${rule} ${text}`.trim()));
  }
  const words = isObject(after) || isObject(before) ? DETAILS.get(action) : undefined;
  if (!words) return differences(before, after);
  const mark = reader(after)('oneTimePassword') === true ? 'With a one-time password' : '';
  return listed([words(reader(after), reader(before)), mark]);
}

function refusedSignIn(after: Read): string {
  const reason = REFUSALS.get(after('reason')) ?? textOf(after, 'reason');
  return `${reason}, attempt ${textOf(after, 'attempts')}`;
}

function changedPerson(after: Read, before: Read): string {
  return listed([
    after('role') === before('role') ? '' : `${roleOf(before)} → ${roleOf(after)}`,
    after('active') === before('active') ? '' : after('active') === true ? 'Reactivated' : 'Deactivated',
    after('name') === undefined ? '' : 'Renamed',
    endedSessions(after),
  ]);
}

function endedSessions(after: Read): string {
  const ended = countOf(after('sessionsEnded'));
  return ended === 0 ? '' : `${counted(ended, 'session')} ended`;
}

function testedConnection(after: Read): string {
  return after('code') === null ? 'Succeeded' : `Failed: ${textOf(after, 'code')}`;
}

function endedSync(after: Read): string {
  const counts = reader(after('counts'));
  const told = ['created', 'updated', 'removed', 'unchanged']
    .filter((name) => countOf(counts(name)) > 0)
    .map((name) => `${countOf(counts(name)).toLocaleString('en-US')} ${name}`);
  const held = countOf(after('held'));
  const code = after('code');
  return listed([
    capitalized(textOf(after, 'status')),
    typeof code === 'string' ? code : '',
    held === 0 ? '' : `${counted(held, 'version')} held back`,
    ...told,
  ]);
}

function signedAttestation(after: Read): string {
  const requirement = capitalized(textOf(after, 'requirement').replace('-', ' '));
  return `${requirement}: ${textOf(after, 'result')}, until ${dayOf(after('expiresAt'))}`;
}

function waivedRule(after: Read): string {
  return `${textOf(after, 'rule')} until ${dayOf(after('endsAt'))}`;
}

function askedGate(after: Read): string {
  const rules = after('rules');
  const why = Array.isArray(rules) && rules.length > 0 ? ` (${factText(rules)})` : '';
  return `Version ${textOf(after, 'version')} to ${textOf(after, 'target')}: ${textOf(after, 'verdict')}${why}`;
}

function differences(before: unknown, after: unknown): string {
  const old = new Map(factsOf(before).map(({ name, text }) => [name, text]));
  const told = factsOf(after)
    .filter(({ name, text }) => (old.size === 0 ? text !== 'none' : old.get(name) !== text))
    .map(
      ({ name, text }) => `${LABELS.get(name) ?? name}: ${old.has(name) ? `${old.get(name)} → ` : ''}${text}`,
    );
  return shortened(told);
}

function shortened(told: readonly string[]): string {
  const rest = told.length - MOST_FACTS;
  return listed([...told.slice(0, MOST_FACTS), rest > 0 ? `and ${rest} more` : '']).trim();
}

function reader(value: unknown): Read {
  return (name) => (isObject(value) ? Reflect.get(value, name) : undefined);
}

function textOf(read: Read, name: string): string {
  return factText(read(name));
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function roleOf(read: Read): string {
  const role = textOf(read, 'role');
  return Object.entries(ROLE_NAMES).find(([name]) => name === role)?.[1] ?? role;
}

function scopesOf(read: Read): string {
  return capitalized(textOf(read, 'scopes'));
}

function dayOf(value: unknown): string {
  const at = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime())) return factText(value);
  return at.toLocaleDateString('en-GB', { day: '2-digit', month: 'short', year: 'numeric' });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function listed(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(', ');
}

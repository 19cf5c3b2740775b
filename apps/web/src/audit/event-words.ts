import type { AuditEvent, AuditEventActor } from '@vw/shared-contracts';
import type { IconName } from '../ui/icon-paths';

/** Every event that VerifyWise writes, as people read it. */
export const ACTION_WORDS: ReadonlyMap<string, string> = new Map([
  ['session.started', 'Signed in'],
  ['session.ended', 'Signed out'],
  ['session.refused', 'Sign-in refused'],
  ['user.invited', 'Person invited'],
  ['user.changed', 'Person changed'],
  ['user.password-changed', 'Password changed'],
  ['api-key.created', 'API key created'],
  ['api-key.revoked', 'API key revoked'],
  ['organization.created', 'Organization created'],
  ['connection.saved', 'Connection saved'],
  ['connection.tested', 'Connection tested'],
  ['connection.tried', 'Other settings tested'],
  ['connection.deleted', 'MLflow disconnected'],
  ['credential.resealed', 'Credential resealed'],
  ['sync.requested', 'Sync requested'],
  ['sync.ended', 'Sync ended'],
  ['sync.cancelled', 'Sync cancelled'],
  ['removals.confirmed', 'Removals confirmed'],
  ['findings.moved', 'Findings changed'],
  ['attestation.signed', 'Attestation signed'],
  ['waiver.requested', 'Waiver requested'],
  ['waiver.approved', 'Waiver approved'],
  ['waiver.refused', 'Waiver refused'],
  ['waiver.withdrawn', 'Waiver withdrawn'],
  ['entry.changed', 'Inventory entry changed'],
  ['gate.asked', 'Promotion gate asked'],
]);

/** One that this page does not know, of a newer version for example, is shown as it is. */
export function actionWords(action: string): string {
  return ACTION_WORDS.get(action) ?? (action === '' ? 'Unreadable' : action);
}

const NOBODY: ReadonlyMap<string, { text: string; icon: IconName }> = new Map([
  ['worker', { text: 'Background worker', icon: 'clock' }],
  ['session', { text: 'Nobody signed in', icon: 'person-lock' }],
  ['command', { text: 'Command line', icon: 'settings' }],
  ['setup', { text: 'Set-up', icon: 'settings' }],
  ['api-key', { text: 'API key', icon: 'key' }],
  ['unreadable', { text: 'Unreadable', icon: 'warning' }],
]);

const WAYS: ReadonlyMap<string, string> = new Map([
  ['session', 'in the browser'],
  ['api-key', 'by API key'],
  ['setup', 'at set-up'],
  ['command', 'on the command line'],
]);

/** Who did it. A name is shown as it is today; of an id that nobody has any more, its first characters. */
export function actorWords({ id, name, via }: AuditEventActor): { text: string; icon: IconName | null } {
  if (id === null) return NOBODY.get(via) ?? { text: via, icon: 'settings' };
  const icon = via === 'api-key' ? 'key' : null;
  return { text: name ?? `Unknown ${id.slice(0, 8)}`, icon };
}

/** The same with the way that it was done. */
export function actorInFull(actor: AuditEventActor): string {
  const way = WAYS.get(actor.via);
  const { text } = actorWords(actor);
  return actor.id === null || way === undefined ? text : `${text}, ${way}`;
}

const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['user', 'Person'],
  ['api-key', 'API key'],
  ['organization', 'Organization'],
  ['mlflow-connection', 'MLflow connection'],
  ['sync-run', 'MLflow sync'],
  ['model', 'Model'],
  ['model-version', 'Model version'],
  ['inventory-entry', 'Inventory entry'],
  ['waiver', 'Waiver'],
  ['unreadable', 'Unreadable'],
]);

export function objectWords({ subject }: AuditEvent): { kind: string; name: string | null } {
  return { kind: OBJECTS.get(subject.type) ?? subject.type, name: subject.name };
}

/** `b21a 6f04`: enough to compare by eye. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
}

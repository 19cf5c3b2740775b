import { hash } from 'node:crypto';

/**
 * Ids of what was synced are digests of its whole identity, so that equal upstream rows meet in one stored row and no two others do:
 * a NUL in a name that is shown as ␀ still makes another id. RFC 9562 version 8: 122 bits of SHA-256.
 */
function digestId(parts: readonly (string | number)[]): string {
  const hex = hash('sha256', JSON.stringify(parts));
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A tracking server and one of its workspaces ('' where it has none), as one organization knows it. */
export function sourceId(orgId: string, url: string, workspace: string): string {
  return digestId(['source', orgId, url, workspace]);
}

/** Created again under the same name is another model: the creation time (epoch ms) is part of it. */
export function modelId(source: string, name: string, createdAt: number): string {
  return digestId(['model', source, name, createdAt]);
}

export function versionId(model: string, version: string, createdAt: number): string {
  return digestId(['version', model, version, createdAt]);
}

/** Postgres text holds neither NUL nor half a surrogate pair: NUL is shown as ␀, a half as the replacement character. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u2400');
}

/** The exact name for asking MLflow again, JSON-escaped; null where it is stored as it is. */
export function rawName(name: string): string | null {
  return storable(name) === name ? null : JSON.stringify(name);
}

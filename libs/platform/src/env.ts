import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';

export interface EncryptionKey {
  readonly kid: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The environment, parsed once and typed. Nothing else reads `process.env`. A wrong value stops the start with its name. */
export class Env {
  readonly port: number;
  /** Address the API listens on. */
  readonly host: string;
  readonly databaseUrl: string;
  /** Null: the jobs live in the same Postgres. */
  readonly queueUrl: string | null;
  /** The first one seals, all of them open. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly syncIntervalSeconds: number;
  readonly egressPolicy: 'private' | 'public' | 'list';
  /** Lists of hosts, addresses, CIDR networks and ports, as they were written: the connection to MLflow reads them at its start. */
  readonly egressAllow: string;
  readonly egressDeny: string;
  /** True where the operator chose the policy, which a second organization needs. */
  readonly egressPolicySet: boolean;
  readonly logLevel: LogLevel;
  /** Origin that browsers use, without a trailing slash. */
  readonly publicUrl: string;
  /** Addresses and networks of the proxies whose word on who asks is believed. */
  readonly trustedProxies: readonly string[];
  /** Folder of the built web. */
  readonly webRoot: string;

  constructor(source: Readonly<Record<string, string | undefined>> = process.env) {
    this.port = integer(source, 'PORT', 3000, 0, 65_535);
    this.host = source['HOST'] || '0.0.0.0';
    this.databaseUrl = valueOf(source, 'DATABASE_URL') || missing('DATABASE_URL');
    this.queueUrl = redisUrl(source);
    this.encryptionKeys = parseKeys(source);
    this.syncIntervalSeconds = integer(source, 'SYNC_INTERVAL_SECONDS', 3600, 1, 604_800);
    this.egressPolicySet = Boolean(source['EGRESS_POLICY']);
    this.egressPolicy = oneOf(source, 'EGRESS_POLICY', ['private', 'public', 'list'], 'private');
    this.egressAllow = source['EGRESS_ALLOW'] ?? '';
    this.egressDeny = source['EGRESS_DENY'] ?? '';
    this.logLevel = oneOf(source, 'LOG_LEVEL', LOG_LEVELS, 'info');
    this.publicUrl = origin(source['PUBLIC_URL'] || `http://localhost:${this.port}`);
    this.trustedProxies = networks(source, 'TRUSTED_PROXIES');
    this.webRoot = source['WEB_ROOT'] || 'dist/apps/web/browser';
  }
}

type Source = Readonly<Record<string, string | undefined>>;

/** A variable, or the content of the file that `…_FILE` names, which keeps a secret out of the process list; '' where neither is set. */
export function valueOf(source: Source, name: string): string {
  const file = source[`${name}_FILE`];
  return source[name] || (file ? readFileSync(file, 'utf8').trim() : '');
}

function missing(name: string): never {
  throw new Error(`${name} is not set. Use the npm scripts, which start a database of their own, or set it.`);
}

function integer(source: Source, name: string, preset: number, least: number, most: number): number {
  const text = source[name];
  if (text === undefined || text === '') return preset;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

function oneOf<Value extends string>(
  source: Source,
  name: string,
  allowed: readonly Value[],
  preset: Value,
): Value {
  const text = source[name];
  if (text === undefined || text === '') return preset;
  const value = allowed.find((one) => one === text);
  if (value === undefined) throw new Error(`${name} must be one of ${allowed.join(', ')}.`);
  return value;
}

function redisUrl(source: Source): string | null {
  const text = valueOf(source, 'QUEUE_URL');
  if (!text) return null;
  // Not repeated: it may carry a password.
  if (!/^rediss?:\/\/[^/?#]/.test(text) || !URL.canParse(text))
    throw new Error('QUEUE_URL must be a redis:// or rediss:// URL.');
  return text;
}

function origin(text: string): string {
  if (!URL.canParse(text)) throw new Error('PUBLIC_URL must be an http or https URL.');
  return new URL(text).origin;
}

function networks(source: Source, name: string): readonly string[] {
  const entries = (source[name] ?? '').split(/[\s,]+/).filter(Boolean);
  const wrong = entries.find((entry) => !isNetwork(entry));
  if (wrong !== undefined) throw new Error(`${name}: "${wrong}" is no address or CIDR network.`);
  return entries;
}

/** Not `/0`: who believes everybody believes whoever asks. */
function isNetwork(entry: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d+))?$/.exec(entry) ?? [];
  const most = ipaddr.IPv4.isValidFourPartDecimal(address) ? 32 : ipaddr.IPv6.isValid(address) ? 128 : 0;
  return most > 0 && (bits === undefined || (Number(bits) > 0 && Number(bits) <= most));
}

function parseKeys(source: Source): readonly EncryptionKey[] {
  const text = valueOf(source, 'ENCRYPTION_KEYS').trim();
  if (!text)
    throw new Error(
      'ENCRYPTION_KEYS is not set: id:base64 of 32 random bytes, comma separated, the first one seals.',
    );
  const keys = text.split(/[\s,]+/).map((entry) => {
    const [kid = '', base64 = ''] = splitOnce(entry, ':');
    const bytes = Buffer.from(base64, 'base64');
    if (!/^[\w.-]{1,64}$/.test(kid) || bytes.length !== 32) {
      throw new Error('ENCRYPTION_KEYS must be entries of id:base64, each of exactly 32 bytes.');
    }
    return { kid, bytes };
  });
  if (new Set(keys.map((key) => key.kid)).size < keys.length)
    throw new Error('ENCRYPTION_KEYS names a key id twice.');
  return keys;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CredentialVault, CredentialVaultModule, type StoredSecret } from '@vw/credential-vault';
import { Identity, IdentityModule } from '@vw/identity';
import { Env, PlatformModule } from '@vw/platform';
import type { Terminal } from './audit-verify-command';

const OPERATOR = { id: null, name: null, via: 'command' } as const;

@Module({})
class CommandModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: CommandModule,
      imports: [PlatformModule.forRoot(env, 'vw-command'), CredentialVaultModule, IdentityModule],
    };
  }
}

/** What a verb works on. */
interface Vaults {
  vault: CredentialVault;
  orgIds: readonly string[];
  env: Env;
  say(line: string): void;
}

const VERBS: ReadonlyMap<string, (vaults: Vaults) => Promise<number>> = new Map([
  ['doctor', doctor],
  ['reseal', reseal],
]);

/** `vault doctor` and `vault reseal`, over all organizations of the database. Exit code 1 where a secret cannot be opened. */
export async function vaultCommand(args: string[], usage: string, terminal: Terminal): Promise<number> {
  const verb = args.length === 1 ? VERBS.get(args[0] ?? '') : undefined;
  if (!verb) {
    terminal.say(usage);
    return 2;
  }
  const env = new Env({ ...terminal.env, LOG_LEVEL: 'error' });
  const app = await NestFactory.createApplicationContext(CommandModule.forRoot(env), {
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  try {
    const vault = app.get(CredentialVault, { strict: false });
    const orgIds = await app.get(Identity, { strict: false }).organizationIds();
    return await verb({ vault, orgIds, env, say: terminal.say });
  } finally {
    await app.close();
  }
}

/** A line for each key, how many secrets it seals, and one for each secret that cannot be opened. */
async function doctor({ vault, orgIds, env, say }: Vaults): Promise<number> {
  const counts = new Map(env.encryptionKeys.map(({ kid }) => [kid, 0]));
  const shut: string[] = [];
  for (const orgId of orgIds) {
    for (const secret of await vault.examine(orgId)) {
      counts.set(secret.kid, (counts.get(secret.kid) ?? 0) + 1);
      if (secret.state !== 'readable') shut.push(complaint(orgId, secret));
    }
  }
  const known = new Set(env.encryptionKeys.map(({ kid }) => kid));
  for (const [kid, count] of counts)
    say(`${known.has(kid) ? 'key    ' : 'MISSING'}  ${kid}  ${count} credentials`);
  shut.forEach((line) => say(line));
  return shut.length === 0 ? 0 : 1;
}

/** Moves every secret under the first key, an organization at a time, and does the rest where it was stopped before. */
async function reseal({ vault, orgIds, env, say }: Vaults): Promise<number> {
  let [resealed, unreadable] = [0, 0];
  for (const orgId of orgIds) {
    const done = await vault.reseal(orgId, OPERATOR);
    resealed += done.resealed;
    unreadable += done.unreadable;
  }
  say(`${resealed} credentials resealed with ${env.encryptionKeys[0]?.kid}, ${unreadable} cannot be opened`);
  return unreadable === 0 ? 0 : 1;
}

function complaint(orgId: string, { slot, kid, state }: StoredSecret): string {
  return `SHUT     ${orgId} ${slot}: ${state === 'key-missing' ? `its key ${kid} is missing` : `${kid} does not open it`}`;
}

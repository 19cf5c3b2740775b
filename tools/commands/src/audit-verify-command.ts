import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Audit, AuditModule, verifyExport } from '@vw/audit';
import { Identity, IdentityModule } from '@vw/identity';
import { Env, PlatformModule } from '@vw/platform';
import type { AuditVerification } from '@vw/shared-contracts';

export interface Terminal {
  env: NodeJS.ProcessEnv;
  say(line: string): void;
}

interface Options {
  file?: string | undefined;
  org?: string | undefined;
}

@Module({})
class CommandModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: CommandModule,
      imports: [PlatformModule.forRoot(env, 'vw-command'), AuditModule, IdentityModule],
    };
  }
}

/**
 * Verifies an exported file without any database, one trail, or every trail of this database: a line for each.
 * Exit code 0 when all of them are whole, 1 when one is not.
 */
export async function auditVerifyCommand(args: string[], usage: string, terminal: Terminal): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    terminal.say(usage);
    return 2;
  }
  return options.file === undefined
    ? verifyDatabase(options.org, terminal)
    : verifyFile(options.file, terminal);
}

/** The file is looked for where the person is, not where the command was started from. */
async function verifyFile(file: string, { env, say }: Terminal): Promise<number> {
  const found = await verifyExport(resolve(env['INIT_CWD'] ?? process.cwd(), file));
  say(`${sentence(found.orgId, found)}${found.ok ? `, head ${found.head}` : ''}`);
  return found.ok ? 0 : 1;
}

/** Throws where `org` is none of this database's: a trail that is not there must not pass for a whole one. */
async function verifyDatabase(org: string | undefined, { env, say }: Terminal): Promise<number> {
  const app = await NestFactory.createApplicationContext(
    CommandModule.forRoot(new Env({ ...env, LOG_LEVEL: 'error' })),
    { logger: ['error', 'fatal'], abortOnError: false },
  );
  try {
    const audit = app.get(Audit, { strict: false });
    const ids = await app.get(Identity, { strict: false }).organizationIds();
    const wanted = org === undefined ? ids : ids.filter((id) => id === org.toLowerCase());
    if (org !== undefined && wanted.length === 0) throw new Error(`There is no organization ${org}.`);
    let code = 0;
    for (const id of wanted) {
      const found = await audit.verify(id);
      say(sentence(id, found));
      if (!found.ok) code = 1;
    }
    return code;
  } finally {
    await app.close();
  }
}

function sentence(orgId: string, { ok, events, brokenAt }: AuditVerification): string {
  return ok
    ? `whole   ${orgId} ${events} events`
    : `BROKEN  ${orgId} at event ${brokenAt}: changed, moved or lost; later events cannot be trusted`;
}

function readOptions(args: string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { org: { type: 'string' } },
    });
    const [file, ...more] = positionals;
    const isOne = more.length === 0 && (file === undefined || values.org === undefined);
    return isOne ? { file, org: values.org } : null;
  } catch {
    // An option that does not exist, or one without its value: usage.
    return null;
  }
}

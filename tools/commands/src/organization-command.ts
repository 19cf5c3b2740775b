import { parseArgs } from 'node:util';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Identity, IdentityModule } from '@vw/identity';
import { Database, Env, PlatformModule } from '@vw/platform';

@Module({})
class CommandModule {
  static forRoot(env: Env): DynamicModule {
    return { module: CommandModule, imports: [PlatformModule.forRoot(env, 'vw-command'), IdentityModule] };
  }
}

/** `org create` and `org delete`; the last line of output is JSON. */
export async function organizationCommand(args: string[], usage: string): Promise<number> {
  const options = readOptions(args);
  const isCreate = options?.verb === 'create' && options.name && options.email;
  const isDelete = options?.verb === 'delete' && options.id;
  if (!options || (!isCreate && !isDelete)) {
    console.error(usage);
    return 2;
  }
  const env = new Env();
  const app = await NestFactory.createApplicationContext(CommandModule.forRoot(env), { logger: ['error', 'fatal'], abortOnError: false });
  try {
    const identity = app.get(Identity, { strict: false });
    if (isDelete) {
      await identity.deleteOrganization(options.id ?? '');
      console.log(JSON.stringify({ deleted: options.id }));
      return 0;
    }
    await requireChosenPolicy(app.get(Database), env);
    console.log(JSON.stringify(await identity.createOrganization({ name: options.name ?? '', email: options.email ?? '' })));
    return 0;
  } finally {
    await app.close();
  }
}

/** One organization may reach its own private network; with two, an operator must say whether they may share it. */
async function requireChosenPolicy(database: Database, env: Env): Promise<void> {
  const [row] = await database.acrossOrganizations((tx) => tx.query<{ n: number }>('SELECT organization_count() AS n'));
  if ((row?.n ?? 0) > 0 && !env.egressPolicySet) {
    throw new Error('Set EGRESS_POLICY to private or public first: a further organization can reach what this machine can reach.');
  }
}

function readOptions(args: string[]): { verb: string; name?: string; email?: string; id?: string } | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { name: { type: 'string' }, email: { type: 'string' }, id: { type: 'string' } },
    });
    return { verb: positionals[0] ?? '', ...values };
  } catch {
    // An option that does not exist, or one without its value: usage.
    return null;
  }
}

import { parseArgs } from 'node:util';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Identity, IdentityModule, type CreatedOrganization } from '@vw/identity';
import { Env, PlatformModule, Problem } from '@vw/platform';
import { isEmail, isUUID } from 'class-validator';

interface Options {
  verb: string;
  name?: string;
  email?: string;
  id?: string;
}

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
  // A command answers on its last line; what a server would log at its start is no part of that.
  const env = new Env({ ...process.env, LOG_LEVEL: 'error' });
  const app = await NestFactory.createApplicationContext(CommandModule.forRoot(env), {
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  try {
    const identity = app.get(Identity, { strict: false });
    console.log(JSON.stringify(await (isDelete ? remove(identity, options) : create(identity, options))));
    return 0;
  } finally {
    await app.close();
  }
}

/** Throws where a second organization needs an EGRESS_POLICY that nobody chose, and for an e-mail address in use. */
async function create(identity: Identity, { name = '', email = '' }: Options): Promise<CreatedOrganization> {
  if (!isEmail(email)) throw new Problem('invalid-input', { detail: 'This is not an e-mail address.' });
  return identity.createOrganization({ name, email });
}

async function remove(identity: Identity, { id = '' }: Options): Promise<{ deleted: string }> {
  // What is no id would be a complaint of the database about its form.
  if (!isUUID(id)) throw new Problem('not-found', { detail: 'There is no organization with this id.' });
  await identity.deleteOrganization(id);
  return { deleted: id };
}

function readOptions(args: string[]): Options | null {
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

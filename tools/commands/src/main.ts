import 'reflect-metadata';
import { auditVerifyCommand } from './audit-verify-command';
import { migrateDatabase } from './migrate-command';
import { organizationCommand } from './organization-command';
import { vaultCommand } from './vault-command';

const USAGE = `Usage:
  db:migrate [--quiet]                     bring the database of DATABASE_OWNER_URL up to date
  org create --name NAME --email EMAIL     a further organization with its Admin
  org delete --id ID                       remove an organization with all its records and keys
  audit:verify [--org ID]                  whether the trails of this database are whole
  audit:verify FILE                        whether an exported trail is whole; needs no database
  vault doctor                             which key seals how many credentials, and which cannot be opened
  vault reseal                             seal all credentials with the first key of ENCRYPTION_KEYS`;

/** Commands that need the rooms: one verb each, exit code 0 done, 1 failed, 2 usage. */
async function main([command, ...args]: string[]): Promise<number> {
  if (command === 'db:migrate') return migrateDatabase(args.includes('--quiet'));
  if (command === 'org') return organizationCommand(args, USAGE);
  if (command === 'audit:verify')
    return auditVerifyCommand(args, USAGE, { env: process.env, say: console.log });
  if (command === 'vault') return vaultCommand(args, USAGE, { env: process.env, say: console.log });
  console.error(USAGE);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  // Whatever failed, its sentence is what the person at the terminal needs.
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

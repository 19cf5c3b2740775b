import { migrate, valueOf } from '@vw/platform';

/** Migrates as the owner, and makes the role of DATABASE_URL a member of the app's group where it may. */
export async function migrateDatabase(quiet: boolean): Promise<number> {
  const ownerUrl = valueOf(process.env, 'DATABASE_OWNER_URL');
  if (!ownerUrl) throw new Error('Set DATABASE_OWNER_URL to a role that may create tables.');
  const applied = await migrate({ ownerUrl, appUrl: valueOf(process.env, 'DATABASE_URL') });
  if (!quiet) console.log(applied.length === 0 ? 'Nothing to migrate.' : `Migrated: ${applied.join(', ')}`);
  return 0;
}

import { Identity1790000000001 } from './0001-identity';
import { Audit1790000000002 } from './0002-audit';
import { CredentialVault1790000000003 } from './0003-credential-vault';
import { MlflowConnection1790000000004 } from './0004-mlflow-connection';
import { SyncHistory1790000000005 } from './0005-sync-history';
import { ModelInventory1790000000006 } from './0006-model-inventory';
import { Governance1790000000007 } from './0007-governance';
import { AccessAndAudit1790000000008 } from './0008-access-and-audit';

/** In order; a released one is never edited. */
export const MIGRATIONS = [
  Identity1790000000001,
  Audit1790000000002,
  CredentialVault1790000000003,
  MlflowConnection1790000000004,
  SyncHistory1790000000005,
  ModelInventory1790000000006,
  Governance1790000000007,
  AccessAndAudit1790000000008,
];

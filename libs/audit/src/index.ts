export { Audit } from './audit';
export type { Actor, AuditEntry, AuditSubject, AuditVerification } from './audit';
export { AuditModule } from './audit.module';
export { canonicalJson } from './canonical-json';

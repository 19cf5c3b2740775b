export { Audit } from './audit';
export type { Actor, AuditEntry, AuditSubject } from './audit';
export { AuditModule } from './audit.module';
export { canonicalJson } from './canonical-json';
export type { NameLookup } from './event-reading';
export { verifyExport } from './export-check';
export type { ExportVerification } from './export-check';
export { CSV, JSON_LINES } from './trail-formats';
export type { TrailFormat } from './trail-formats';

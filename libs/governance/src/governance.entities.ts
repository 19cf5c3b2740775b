import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('governance_state')
export class GovernanceStateEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @Column('text', { name: 'catalogue_version', nullable: true }) catalogueVersion!: string | null;
  @Column('timestamptz', { name: 'evaluated_at', nullable: true }) evaluatedAt!: Date | null;
}

@Entity('inventory_entry')
@Index('inventory_entry_model_id', ['orgId', 'modelId'], { unique: true })
@Index('inventory_entry_by_name', ['orgId', 'modelName', 'id'])
export class InventoryEntryEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'model_id' }) modelId!: string;
  @Column('text', { name: 'model_name' }) modelName!: string;
  @Column('timestamptz', { name: 'registered_at' }) registeredAt!: Date;
  @Column('text', { nullable: true }) owner!: string | null;
  @Column('text', { nullable: true }) purpose!: string | null;
  @Column('text', { name: 'risk_tier', nullable: true }) riskTier!: string | null;
  @Column('text', { name: 'approval_status', default: 'pending' }) approvalStatus!: string;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt!: Date | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' }) updatedAt!: Date;
}

@Entity('inventory_entry_change')
@Index('inventory_entry_change_entry_id', ['orgId', 'entryId', 'id'])
export class InventoryEntryChangeEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'entry_id' }) entryId!: string;
  @Column('text', { nullable: true }) owner!: string | null;
  @Column('text', { nullable: true }) purpose!: string | null;
  @Column('text', { name: 'risk_tier', nullable: true }) riskTier!: string | null;
  @Column('text', { name: 'approval_status' }) approvalStatus!: string;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt!: Date | null;
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
}

@Entity('catalogue_use')
export class CatalogueUseEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('text', { name: 'catalogue_version' }) catalogueVersion!: string;
  @Column('timestamptz', { name: 'used_since', default: () => 'clock_timestamp()' }) usedSince!: Date;
}

@Entity('gate_answer')
@Index('gate_answer_version_id', ['orgId', 'versionId', 'id'])
export class GateAnswerEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'version_id' }) versionId!: string;
  @Column('text') target!: string;
  @Column('text') verdict!: string;
  @Column('jsonb') reasons!: unknown;
  @Column('text', { name: 'catalogue_version' }) catalogueVersion!: string;
  @Column('timestamptz', { name: 'asked_at', default: () => 'clock_timestamp()' }) askedAt!: Date;
}

@Entity('attestation')
@Index('attestation_version_id', ['orgId', 'versionId', 'requirement', 'id'])
export class AttestationEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'version_id' }) versionId!: string;
  @Column('text') requirement!: string;
  @Column('text') result!: string;
  @Column('text', { name: 'evidence_url', nullable: true }) evidenceUrl!: string | null;
  @Column('text', { name: 'evidence_sha256', nullable: true }) evidenceSha256!: string | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('text', { nullable: true }) note!: string | null;
  @Column('uuid', { name: 'signer_id', nullable: true }) signerId!: string | null;
  @Column('text', { name: 'signer_name' }) signerName!: string;
  @Column('text', { name: 'signer_email', nullable: true }) signerEmail!: string | null;
  @Column('boolean', { name: 'by_owner' }) byOwner!: boolean;
  @Column('timestamptz', { name: 'attested_at', default: () => 'clock_timestamp()' }) attestedAt!: Date;
}

@Entity('waiver')
@Index('waiver_version_id', ['orgId', 'versionId', 'rule', 'id'])
@Index('waiver_waiting', ['orgId', 'endsAt'], { where: `status = 'requested'` })
export class WaiverEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'version_id' }) versionId!: string;
  @Column('text') rule!: string;
  @Column('text') reason!: string;
  @Column('timestamptz', { name: 'ends_at' }) endsAt!: Date;
  @Column('uuid', { name: 'requester_id', nullable: true }) requesterId!: string | null;
  @Column('text', { name: 'requester_name' }) requesterName!: string;
  @Column('timestamptz', { name: 'requested_at', default: () => 'clock_timestamp()' }) requestedAt!: Date;
  @Column('uuid', { name: 'approver_id', nullable: true }) approverId!: string | null;
  @Column('text', { name: 'approver_name', nullable: true }) approverName!: string | null;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt!: Date | null;
  @Column('text', { default: 'requested' }) status!: string;
  @Column('uuid', { name: 'closer_id', nullable: true }) closerId!: string | null;
  @Column('text', { name: 'closer_name', nullable: true }) closerName!: string | null;
  @Column('text', { name: 'closed_reason', nullable: true }) closedReason!: string | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
}

@Entity('finding')
@Index('finding_version_id', ['orgId', 'versionId', 'rule'], { unique: true })
@Index('finding_since', ['orgId', 'since', 'id'])
@Index('finding_due_at', { synchronize: false })
export class FindingEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'version_id' }) versionId!: string;
  @Column('text') rule!: string;
  @Column('text') severity!: string;
  @Column('text', { name: 'model_name' }) modelName!: string;
  @Column('text') version!: string;
  @Column('text') stage!: string;
  @Column('boolean') required!: boolean;
  @Column('boolean') known!: boolean;
  @Column('text', { nullable: true }) lack!: string | null;
  @Column('text') status!: string;
  @Column('timestamptz') since!: Date;
  @Column('text') reason!: string;
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
}

@Entity('finding_move')
@Index('finding_move_finding_id', ['orgId', 'findingId', 'id'])
export class FindingMoveEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'finding_id' }) findingId!: string;
  @Column('text', { nullable: true }) old!: string | null;
  @Column('text') new!: string;
  @Column('text') reason!: string;
  @Column('text') severity!: string;
  @Column('text') stage!: string;
  @Column('boolean') known!: boolean;
  @Column('text', { nullable: true }) lack!: string | null;
  @Column('timestamptz') since!: Date;
  @Column('uuid', { name: 'run_id', nullable: true }) runId!: string | null;
  @Column('timestamptz', { name: 'moved_at', default: () => 'clock_timestamp()' }) movedAt!: Date;
}

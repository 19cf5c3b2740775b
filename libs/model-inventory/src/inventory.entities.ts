import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

@Entity('model')
@Index('model_source', ['orgId', 'sourceId'])
export class ModelEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'source_id' }) sourceId!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'raw_name', nullable: true }) rawName!: string | null;
  @Column('text') description!: string;
  @Column('jsonb') tags!: Record<string, string>;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('bytea') hash!: Buffer;
  @Column('uuid', { name: 'first_run_id' }) firstRunId!: string;
  @Column('uuid', { name: 'changed_run_id' }) changedRunId!: string;
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt!: Date | null;
}

@Entity('experiment')
export class ExperimentEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { name: 'source_id' }) sourceId!: string;
  @PrimaryColumn('text', { name: 'experiment_id' }) experimentId!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'artifact_location' }) artifactLocation!: string;
  @Column('text') lifecycle!: string;
}

@Entity('run')
@Index('run_experiment', ['experimentId', 'orgId', 'sourceId'])
export class RunEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { name: 'source_id' }) sourceId!: string;
  @PrimaryColumn('text', { name: 'run_id' }) runId!: string;
  @Column('text') state!: string;
  @Column('text', { nullable: true }) status!: string | null;
  @Column('text', { name: 'experiment_id', nullable: true }) experimentId!: string | null;
  @Column('jsonb') metrics!: Record<string, number | string>;
  @Column('jsonb') parameters!: Record<string, string>;
  @Column('text', { nullable: true }) commit!: string | null;
  @Column('text', { nullable: true }) creator!: string | null;
  @Column('jsonb') datasets!: { name: string; digest: string; context: string | null }[];
}

@Entity('model_version')
@Index('model_version_model_id', ['orgId', 'modelId'])
@Index('model_version_evidence', ['orgId', 'sourceId', 'evidenceId'])
@Index('model_version_by_name', ['orgId', 'modelName', 'id'])
@Index('model_version_by_number', ['orgId', 'versionNumber', 'id'])
@Index('model_version_by_stage', ['orgId', 'stage', 'id'])
@Index('model_version_by_created_at', ['orgId', 'createdAt', 'id'])
@Index('model_version_by_updated_at', ['orgId', 'updatedAt', 'id'])
@Index('model_version_with_gaps', { synchronize: false })
@ForeignKey(() => ModelEntity, ['orgId', 'modelId'], ['orgId', 'id'], {
  name: 'model_version_model',
  onDelete: 'CASCADE',
})
export class ModelVersionEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'model_id' }) modelId!: string;
  @Column('uuid', { name: 'source_id' }) sourceId!: string;
  @Column('text', { name: 'model_name' }) modelName!: string;
  @Column('text') version!: string;
  @Column('bigint', { name: 'version_number' }) versionNumber!: string;
  @Column('text') stage!: string;
  @Column('text', { array: true }) aliases!: string[];
  @Column('text') description!: string;
  @Column('jsonb') tags!: Record<string, string>;
  @Column('text', { name: 'source_uri' }) sourceUri!: string;
  @Column('text', { name: 'run_id', nullable: true }) runId!: string | null;
  @Column('text', { name: 'evidence_id', nullable: true }) evidenceId!: string | null;
  @Column('text', { name: 'experiment_id', nullable: true }) experimentId!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('boolean') live!: boolean;
  @Column('integer', { name: 'open_gaps', nullable: true }) openGaps!: number | null;
  @Column('text', { name: 'gap_requirements', array: true, nullable: true }) gapRequirements!:
    string[] | null;
  @Column('bytea') hash!: Buffer;
  @Column('uuid', { name: 'first_run_id' }) firstRunId!: string;
  @Column('uuid', { name: 'changed_run_id' }) changedRunId!: string;
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt!: Date | null;
}

@Entity('version_count')
export class VersionCountEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('text') stage!: string;
  @Column('boolean') removed!: boolean;
  @Column('text', { name: 'gap_requirements', array: true }) gapRequirements!: string[];
  @Column('integer') versions!: number;
}

@Entity('model_count')
export class ModelCountEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'model_id' }) modelId!: string;
  @Column('integer') none!: number;
  @Column('integer') staging!: number;
  @Column('integer') production!: number;
  @Column('integer') archived!: number;
  @Column('boolean') removed!: boolean;
  @Column('text', { name: 'search_name' }) searchName!: string;
}

@Entity('experiment_count')
export class ExperimentCountEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'source_id' }) sourceId!: string;
  @Column('text', { name: 'experiment_id' }) experimentId!: string;
  @Column('integer') versions!: number;
}

@Entity('held_version')
@Index('held_version_open', { synchronize: false })
@Index('held_version_last_run', ['orgId', 'lastRunId'])
@ForeignKey(() => ModelVersionEntity, ['orgId', 'versionId'], ['orgId', 'id'], {
  name: 'held_version_version',
  onDelete: 'CASCADE',
})
export class HeldVersionEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { name: 'version_id' }) versionId!: string;
  @PrimaryColumn('uuid', { name: 'first_run_id' }) firstRunId!: string;
  @Column('uuid', { name: 'last_run_id' }) lastRunId!: string;
  @Column('boolean', { default: true }) open!: boolean;
  @Column('boolean', { name: 'model_listed', default: false }) modelListed!: boolean;
}

@Entity('version_change')
@Index('version_change_version_id', ['orgId', 'versionId', 'id'])
@Index('version_change_run_id', ['orgId', 'runId', 'id'])
@ForeignKey(() => ModelVersionEntity, ['orgId', 'versionId'], ['orgId', 'id'], {
  name: 'version_change_version',
  onDelete: 'CASCADE',
})
export class VersionChangeEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'version_id' }) versionId!: string;
  @Column('uuid', { name: 'run_id' }) runId!: string;
  @Column('text') field!: string;
  @Column('jsonb', { nullable: true }) old!: unknown;
  @Column('jsonb', { nullable: true }) new!: unknown;
  @Column('timestamptz', { name: 'observed_at', default: () => 'now()' }) observedAt!: Date;
}

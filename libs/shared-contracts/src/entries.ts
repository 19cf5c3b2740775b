import { IsIn, IsOptional, IsString, IsUUID, MaxLength, ValidateIf } from 'class-validator';
import { PageQuery, type Page } from './page';

export type RiskTier = 'minimal' | 'limited' | 'high' | 'unacceptable';
export type ApprovalStatus = 'pending' | 'approved' | 'restricted' | 'blocked';

/** A registered model as people answer for it. No sync ever touches these fields. */
export class Entry {
  id!: string;
  modelId!: string;
  modelName!: string;
  /** When the model was made upstream: one that was deleted and made again under its name is another entry. */
  registeredAt!: string;
  /** Set where the model is gone from MLflow. */
  removedAt!: string | null;
  /** Who answers for it: a person's name or e-mail. */
  owner!: string | null;
  purpose!: string | null;
  riskTier!: RiskTier | null;
  approvalStatus!: ApprovalStatus;
  approvedAt!: string | null;
  createdAt!: string;
  updatedAt!: string;
}

/** What people answered for of a model. */
export class EntryState {
  id!: string;
  owner!: string | null;
  purpose!: string | null;
  riskTier!: RiskTier | null;
  approvalStatus!: ApprovalStatus;
  approvedAt!: string | null;
}

export class EntryPage implements Page<Entry> {
  items!: Entry[];
  nextCursor!: string | null;
  total!: number | null;
}

export class EntryQuery extends PageQuery {
  /** Part of the model name, case-insensitive, taken literally. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  search?: string;

  @IsOptional()
  @IsIn(['pending', 'approved', 'restricted', 'blocked'])
  approvalStatus?: ApprovalStatus;

  /** The entry of this version's model only. */
  @IsOptional()
  @IsUUID()
  versionId?: string;
}

/** Fields that are left out stay; null clears. */
export class EntryInput {
  @IsOptional()
  @IsString()
  @MaxLength(320)
  owner?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(4000)
  purpose?: string | null;

  @IsOptional()
  @IsIn(['minimal', 'limited', 'high', 'unacceptable'])
  riskTier?: RiskTier | null;

  /** `approved`, sent again, approves what has changed since. */
  @ValidateIf((input: EntryInput) => input.approvalStatus !== undefined)
  @IsIn(['pending', 'approved', 'restricted', 'blocked'])
  approvalStatus?: ApprovalStatus;
}

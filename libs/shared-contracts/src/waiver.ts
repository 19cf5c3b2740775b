import { IsISO8601, IsNotEmpty, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import type { Page } from './page';

/** `requested` waits for an answer; `approved` counts until its end; `refused` and `withdrawn` count no more. */
export type WaiverStatus = 'requested' | 'approved' | 'refused' | 'withdrawn';

/** Asks that one open finding be accepted for a while. */
export class WaiverInput {
  @IsUUID()
  versionId!: string;

  /** `G01` to `G14`. */
  @IsString()
  @MaxLength(8)
  rule!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(4000)
  reason!: string;

  /** In the future, 180 days ahead at most. */
  @IsISO8601({ strict: true })
  endsAt!: string;
}

/** Says no to a waiver that someone else asked for. */
export class WaiverRefusal {
  @IsString()
  @Matches(/\S/, { message: 'reason must say why' })
  @MaxLength(4000)
  reason!: string;
}

export class Waiver {
  id!: string;
  versionId!: string;
  modelName!: string;
  version!: string;
  rule!: string;
  reason!: string;
  status!: WaiverStatus;
  endsAt!: string;
  requestedBy!: string;
  /** Null where no person asked. Whoever asked cannot approve. */
  requesterId!: string | null;
  requestedAt!: string;
  /** Null while nobody else has approved it. */
  approvedBy!: string | null;
  approvedAt!: string | null;
  /** Who refused or withdrew it, and when; null while neither was done. */
  closedBy!: string | null;
  closedAt!: string | null;
  /** Why it was refused. */
  closedReason!: string | null;
}

export class WaiverPage implements Page<Waiver> {
  items!: Waiver[];
  nextCursor!: string | null;
  total!: number | null;
}

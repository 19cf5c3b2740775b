import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import type { Severity } from './governance';

export type GateVerdict = 'allow' | 'deny' | 'unknown';

export class GateQuery {
  @IsString()
  @IsNotEmpty()
  @MaxLength(512)
  model!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(32)
  version!: string;

  /** `Staging`, `Production`, or an alias. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  target!: string;
}

export class GateReason {
  /** A rule of the catalogue; `model`, `freshness` or `approval` where no rule of it speaks. */
  rule!: string;
  severity!: Severity;
  reason!: string;
}

export class Gate {
  verdict!: GateVerdict;
  /** What was found; a reason that is not critical denies nothing. */
  reasons!: GateReason[];
}

/** What the gate answered, and when. */
export class GateAnswer extends Gate {
  /** Where the version was to go. */
  target!: string;
  catalogueVersion!: string;
  askedAt!: string;
}

import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import type { Page } from './page';

/** `read`: what an Auditor reads, without people, keys and trail. `sync`: ask for a sync. `gate`: ask the promotion gate. */
export type ApiKeyScope = 'read' | 'sync' | 'gate';
export const API_KEY_SCOPES: readonly ApiKeyScope[] = ['read', 'sync', 'gate'];

export class ApiKeyInput {
  @IsString()
  @MaxLength(200)
  @Matches(/^(?=.*\S)[^\u0000-\u001f\u007f]+$/, { message: 'name must be a text without control characters' })
  name!: string;

  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(['read', 'sync', 'gate'], { each: true })
  scopes!: ApiKeyScope[];

  /** ISO-8601 with its offset, at most a year ahead; left out: 90 days. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/, {
    message: 'expiresAt must be a day or an instant with its offset',
  })
  expiresAt?: string;
}

/** A key for programs. The key itself is nowhere kept. */
export class ApiKey {
  id!: string;
  name!: string;
  scopes!: ApiKeyScope[];
  createdAt!: string;
  /** Name of the person who made it. */
  createdBy!: string | null;
  expiresAt!: string;
  /** To the minute; null: never. */
  lastUsedAt!: string | null;
}

export class CreatedApiKey extends ApiKey {
  /** `vw_…`, shown this once; only its hash is kept. */
  key!: string;
}

export class ApiKeyPage implements Page<ApiKey> {
  items!: ApiKey[];
  nextCursor!: string | null;
  total!: number | null;
}

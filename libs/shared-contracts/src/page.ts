import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Rows a list answers with when no `limit` is sent. */
export const DEFAULT_LIMIT = 50;

/** What every list takes. */
export class PageQuery {
  /** Rows a page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number = DEFAULT_LIMIT;

  /** `nextCursor` of the page before, with the same filters and sort. */
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  cursor?: string;
}

/** What every list answers. */
export interface Page<Item> {
  items: Item[];
  /** Null on the last page. */
  nextCursor: string | null;
  /** Rows of all pages; null where a cursor was sent. */
  total: number | null;
}

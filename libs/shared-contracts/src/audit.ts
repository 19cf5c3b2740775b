import { IsISO8601, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { DEFAULT_LIMIT, type Page, type PageQuery } from './page';

/** A day or an instant with its offset: what has no offset would mean another instant on another machine. */
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Which events of the trail. */
export class AuditFilter {
  /** Id of a person or an API key, or `system` for what nobody asked for. */
  @IsOptional()
  @Matches(/^(system|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/, {
    message: 'actor must be the id of a person or an API key, or system',
  })
  actor?: string;

  /** The event's word, `session.started` for example. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(/^[\w.-]+$/, { message: 'action must be a word like session.started' })
  action?: string;

  /** The first instant, ISO-8601 with its offset; a day starts at midnight UTC. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'from must be a day or an instant with its offset' })
  from?: string;

  /** The first instant that is too late. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'to must be a day or an instant with its offset' })
  to?: string;
}

/** A page of the trail. */
export class AuditQuery extends AuditFilter implements PageQuery {
  /** Rows a page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number = DEFAULT_LIMIT;

  /** `nextCursor` of the page before, with the same filters. */
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  cursor?: string;
}

export class AuditEventActor {
  /** Of a person or an API key; null where nobody asked. */
  id!: string | null;
  /** As it is today, for the trail itself holds no names of people; null where there is none. */
  name!: string | null;
  /** `session`, `api-key`, `worker`, `setup` or `command`; `unreadable` where the stored text was destroyed. */
  via!: string;
}

export class AuditEventSubject {
  /** `user`, `api-key`, `mlflow-connection`, … */
  type!: string;
  id!: string | null;
  name!: string | null;
}

/** Who did what, when, to what. Nobody can change or delete it. */
export class AuditEvent {
  /** Counts up from 1 without gaps in each organization. */
  seq!: number;
  /** ISO-8601 UTC, by the database's clock. */
  at!: string;
  actor!: AuditEventActor;
  /** `<subject>.<past participle>` */
  action!: string;
  subject!: AuditEventSubject;
  /** A secret is the word `replaced`. */
  before!: unknown;
  after!: unknown;
  /** The sync run that it belongs to. */
  runId!: string | null;
  /** SHA-256 of the event before and this one, in hex. */
  hash!: string;
}

export class AuditEventPage implements Page<AuditEvent> {
  items!: AuditEvent[];
  nextCursor!: string | null;
  total!: number | null;
}

export class AuditVerification {
  ok!: boolean;
  /** Events whose place in the chain holds, up to the first that does not. */
  events!: number;
  /** `seq` of the first event that was changed, moved or lost; null while the chain is whole. */
  brokenAt!: number | null;
}

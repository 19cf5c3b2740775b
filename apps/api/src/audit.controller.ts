import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { Audit, CSV, JSON_LINES } from '@vw/audit';
import { Users } from '@vw/identity';
import { AuditEventPage, AuditFilter, AuditQuery, AuditVerification } from '@vw/shared-contracts';
import { Org, Requires } from './access';

@Controller('audit')
export class AuditController {
  constructor(
    private readonly audit: Audit,
    private readonly users: Users,
  ) {}

  /** Who did what, newest first. */
  @Get('events')
  @Requires('auditor')
  events(@Org() orgId: string, @Query() query: AuditQuery): Promise<AuditEventPage> {
    return this.audit.list(orgId, query, (ids) => this.users.names(orgId, ids));
  }

  /** The filtered trail as a table, oldest first; its last record is the head. Only the whole one, without filters, can be verified. */
  @Get('events.csv')
  @Requires('auditor')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  csv(@Org() orgId: string, @Query() filter: AuditFilter): StreamableFile {
    return new StreamableFile(
      Readable.from(
        this.audit.export(orgId, filter, { format: CSV, namesOf: (ids) => this.users.names(orgId, ids) }),
      ),
      { type: 'text/csv; charset=utf-8', disposition: 'attachment; filename="audit-trail.csv"' },
    );
  }

  /** The filtered trail as JSON lines, oldest first; the last line is the head. Only the whole one, without filters, can be verified. */
  @Get('events.jsonl')
  @Requires('auditor')
  @ApiProduces('application/jsonl')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  jsonLines(@Org() orgId: string, @Query() filter: AuditFilter): StreamableFile {
    return new StreamableFile(
      Readable.from(
        this.audit.export(orgId, filter, {
          format: JSON_LINES,
          namesOf: (ids) => this.users.names(orgId, ids),
        }),
      ),
      { type: 'application/jsonl; charset=utf-8', disposition: 'attachment; filename="audit-trail.jsonl"' },
    );
  }

  /** Whether the chain is whole, and the first event that was changed, moved or lost. */
  @Get('verify')
  @Requires('auditor')
  verify(@Org() orgId: string): Promise<AuditVerification> {
    return this.audit.verify(orgId);
  }
}

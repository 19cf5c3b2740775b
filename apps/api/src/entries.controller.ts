import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import type { Actor } from '@vw/audit';
import { Entries } from '@vw/governance';
import { Entry, EntryInput, EntryPage, EntryQuery } from '@vw/shared-contracts';
import { By, KeyScope, Org, Requires } from './access';
import { IdPipe } from './validation';

@Controller('model-inventory/entries')
export class EntriesController {
  constructor(private readonly entries: Entries) {}

  /** One entry per registered model, by model name. */
  @Get()
  @Requires('member')
  @KeyScope('read')
  list(@Org() orgId: string, @Query() query: EntryQuery): Promise<EntryPage> {
    return this.entries.list(orgId, query);
  }

  /** One entry. */
  @Get(':id')
  @Requires('member')
  @KeyScope('read')
  entry(@Org() orgId: string, @Param('id', IdPipe) id: string): Promise<Entry> {
    return this.entries.get(orgId, id);
  }

  /** Change what people answer for: owner, purpose, risk tier, approval. */
  @Patch(':id')
  @Requires('reviewer')
  change(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Body() input: EntryInput,
    @By() actor: Actor,
  ): Promise<Entry> {
    return this.entries.change(orgId, id, { input, actor });
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '@vw/audit';
import { ApiKeys } from '@vw/identity';
import { ApiKeyInput, ApiKeyPage, CreatedApiKey, PageQuery } from '@vw/shared-contracts';
import { By, Org, Requires } from './access';
import { IdPipe } from './validation';

@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** The keys that are not revoked, newest first. */
  @Get()
  @Requires('admin')
  list(@Org() orgId: string, @Query() page: PageQuery): Promise<ApiKeyPage> {
    return this.keys.list(orgId, page);
  }

  /** Make a key. Answers it this once. */
  @Post()
  @Requires('admin')
  create(@Org() orgId: string, @Body() input: ApiKeyInput, @By() actor: Actor): Promise<CreatedApiKey> {
    return this.keys.create(orgId, input, actor);
  }

  /** Revoke a key, at once and for good. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  revoke(@Org() orgId: string, @Param('id', IdPipe) id: string, @By() actor: Actor): Promise<void> {
    return this.keys.revoke(orgId, id, actor);
  }
}

import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Database, Problem } from '@vw/platform';
import { Requires } from './access';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process lives. */
  @Get('live')
  @Requires('anyone')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can serve: the database answers; migrations and keys were checked at the start. */
  @Get('ready')
  @Requires('anyone')
  ready(): Promise<{ status: 'ok' }> {
    return this.database
      .ready()
      .then((ready) => (ready ? { status: 'ok' } : Promise.reject(new Problem('unavailable'))));
  }
}

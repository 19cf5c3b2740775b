import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiHeader } from '@nestjs/swagger';
import { RegistryWatch } from '@vw/sync-engine';
import { Requires } from './access';
import { RawText } from './json-body';
import { FromOutside } from './origin.guard';
import { IdPipe } from './validation';

@Controller('hooks/mlflow')
export class HooksController {
  constructor(private readonly watch: RegistryWatch) {}

  /** A delivery of MLflow's registry webhook. Believed by its signature alone; the same delivery twice counts once. */
  @Post(':hookId')
  @HttpCode(204)
  @Requires('anyone')
  @FromOutside()
  @RawText()
  @ApiBody({ schema: { type: 'object' } })
  @ApiHeader({ name: 'X-MLflow-Delivery-Id' })
  @ApiHeader({ name: 'X-MLflow-Timestamp', description: 'Seconds since 1970.' })
  @ApiHeader({ name: 'X-MLflow-Signature', description: 'v1,<base64>; several are separated by blanks.' })
  receive(
    @Param('hookId', IdPipe) hookId: string,
    @Body() body: string | undefined,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<void> {
    return this.watch.receive(hookId, {
      id: headers['x-mlflow-delivery-id'] ?? '',
      timestamp: headers['x-mlflow-timestamp'] ?? '',
      signatures: headers['x-mlflow-signature'] ?? '',
      body: body ?? '',
    });
  }
}

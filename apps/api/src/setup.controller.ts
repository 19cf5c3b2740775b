import { Body, Controller, Get, Post, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { Identity, type SignedIn } from '@vw/identity';
import { Env } from '@vw/platform';
import { Me, SetupInput, SetupState } from '@vw/shared-contracts';
import { Requires } from './access';
import { FromLoopback, isServedHereOnly } from './remote';
import { StartSession } from './session.interceptor';

@Controller('setup')
export class SetupController {
  constructor(
    private readonly identity: Identity,
    private readonly env: Env,
  ) {}

  /** Whether the first organization is still to be created. */
  @Get()
  @Requires('anyone')
  state(@FromLoopback() local: boolean): Promise<SetupState> {
    return this.identity.setupState(local && isServedHereOnly(this.env));
  }

  /** Create the first organization and its Admin, and sign in. Possible once. */
  @Post()
  @Requires('anyone')
  @UseInterceptors(StartSession)
  @ApiCreatedResponse({ type: Me })
  setup(@Body() input: SetupInput, @FromLoopback() local: boolean): Promise<SignedIn> {
    return this.identity.setup(input, local && isServedHereOnly(this.env));
  }
}

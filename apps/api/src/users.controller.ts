import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '@vw/audit';
import { Users } from '@vw/identity';
import {
  ChangedUser,
  InvitedUser,
  PageQuery,
  UserChange,
  UserInvitation,
  UserPage,
} from '@vw/shared-contracts';
import { By, Org, Requires } from './access';
import { IdPipe } from './validation';

@Controller('users')
export class UsersController {
  constructor(private readonly users: Users) {}

  /** The people of the organization, by name. */
  @Get()
  @Requires('admin')
  list(@Org() orgId: string, @Query() page: PageQuery): Promise<UserPage> {
    return this.users.list(orgId, page);
  }

  /** Add a person. Answers a password that is shown this once. */
  @Post()
  @Requires('admin')
  invite(@Org() orgId: string, @Body() invitation: UserInvitation, @By() actor: Actor): Promise<InvitedUser> {
    return this.users.invite(orgId, invitation, actor);
  }

  /** Change a person's name, role, password, or whether they may sign in. The last active Admin stays one. */
  @Patch(':id')
  @Requires('admin')
  change(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Body() change: UserChange,
    @By() actor: Actor,
  ): Promise<ChangedUser> {
    return this.users.change(orgId, { ...change, id }, actor);
  }
}

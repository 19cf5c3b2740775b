import { Body, Controller, Get, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Identity, type SignedIn, type SignedInUser } from '@vw/identity';
import { Me, PasswordInput, SignInInput } from '@vw/shared-contracts';
import { Requires, User } from './access';
import { RemoteAddress } from './remote';
import { EndSession, StartSession } from './session.interceptor';

@Controller('auth')
export class AuthController {
  constructor(private readonly identity: Identity) {}

  /** Sign in; the session is a cookie. */
  @Post('sign-in')
  @HttpCode(200)
  @Requires('anyone')
  @UseInterceptors(StartSession)
  @ApiOkResponse({ type: Me })
  signIn(@Body() input: SignInInput, @RemoteAddress() ip: string): Promise<SignedIn> {
    return this.identity.signIn(input.email, input.password, ip);
  }

  /** End this session. */
  @Post('sign-out')
  @HttpCode(204)
  @Requires('member')
  @UseInterceptors(EndSession)
  signOut(@User() user: SignedInUser): Promise<void> {
    return this.identity.signOut(user);
  }

  /** Who is signed in. */
  @Get('me')
  @Requires('member')
  me(@User() user: SignedInUser): Me {
    return {
      id: user.userId,
      name: user.name,
      email: user.email,
      role: user.role,
      organization: { id: user.orgId, name: user.organizationName },
      mustChangePassword: user.mustChangePassword,
    };
  }

  /** Change one's password; other sessions end. */
  @Post('password')
  @HttpCode(204)
  @Requires('member')
  changePassword(@User() user: SignedInUser, @Body() input: PasswordInput): Promise<void> {
    return this.identity.changePassword(user, input);
  }
}

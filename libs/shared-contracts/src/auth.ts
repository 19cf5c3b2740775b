import { IsString, MaxLength, MinLength } from 'class-validator';
import { MIN_PASSWORD_LENGTH } from './setup';

export type Role = 'admin' | 'reviewer' | 'auditor' | 'viewer';
export const ROLES: readonly Role[] = ['admin', 'reviewer', 'auditor', 'viewer'];

export class SignInInput {
  @IsString()
  @MaxLength(320)
  email!: string;

  @IsString()
  @MaxLength(1024)
  password!: string;
}

export class PasswordInput {
  @IsString()
  @MaxLength(1024)
  currentPassword!: string;

  /** At least 15 characters. */
  @IsString()
  @MinLength(MIN_PASSWORD_LENGTH)
  @MaxLength(1024)
  newPassword!: string;
}

/** Who is signed in. */
export class Me {
  id!: string;
  name!: string;
  email!: string;
  role!: Role;
  organization!: MyOrganization;
  /** True while the password is a one-time password: whoever made it knows it. Nothing is refused until another is chosen. */
  mustChangePassword!: boolean;
}

export class MyOrganization {
  id!: string;
  name!: string;
}

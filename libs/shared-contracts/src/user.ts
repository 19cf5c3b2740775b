import { IsBoolean, IsEmail, IsIn, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { Role } from './auth';
import type { Page } from './page';

/** Something to read, and nothing that a list or a terminal would act upon. */
const NAME = /^(?=.*\S)[^\u0000-\u001f\u007f]+$/;

/** A person of the organization. */
export class UserAccount {
  id!: string;
  name!: string;
  email!: string;
  role!: Role;
  /** False: may not sign in. */
  active!: boolean;
  createdAt!: string;
}

export class UserInvitation {
  @IsString()
  @MaxLength(200)
  @Matches(NAME, { message: 'name must be a text without control characters' })
  name!: string;

  /** Unique over all organizations, whatever its case. */
  @IsEmail()
  @MaxLength(320)
  email!: string;

  @IsIn(['admin', 'reviewer', 'auditor', 'viewer'])
  role!: Role;
}

export class InvitedUser extends UserAccount {
  /** Shown this once; only its hash is kept. */
  oneTimePassword!: string;
}

/** What is left out stays as it is. */
export class UserChange {
  @ValidateIf((change: UserChange) => change.name !== undefined)
  @IsString()
  @MaxLength(200)
  @Matches(NAME, { message: 'name must be a text without control characters' })
  name?: string;

  /** Another role ends the person's sessions. */
  @ValidateIf((change: UserChange) => change.role !== undefined)
  @IsIn(['admin', 'reviewer', 'auditor', 'viewer'])
  role?: Role;

  /** False ends the person's sessions and refuses further ones. */
  @ValidateIf((change: UserChange) => change.active !== undefined)
  @IsBoolean()
  active?: boolean;

  /** `true` replaces the password by one that the answer shows this once, and ends the person's sessions. */
  @ValidateIf((change: UserChange) => change.resetPassword !== undefined)
  @IsIn([true])
  resetPassword?: true;
}

export class ChangedUser extends UserAccount {
  /** Null where the password stays. Shown this once; only its hash is kept. */
  oneTimePassword!: string | null;
}

export class UserPage implements Page<UserAccount> {
  items!: UserAccount[];
  nextCursor!: string | null;
  total!: number | null;
}

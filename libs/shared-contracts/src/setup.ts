import { IsEmail, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

/** Shortest password accepted, in characters. OWASP ASVS 6.2: length beats composition rules. */
export const MIN_PASSWORD_LENGTH = 15;

export class SetupState {
  /** True while no organization exists. */
  required!: boolean;
  /** True where the request comes from elsewhere than loopback: the token is in the log. */
  tokenRequired!: boolean;
}

export class SetupInput {
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  organizationName!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name!: string;

  @IsEmail()
  @MaxLength(320)
  email!: string;

  /** At least 15 characters. */
  @IsString()
  @MinLength(MIN_PASSWORD_LENGTH)
  @MaxLength(1024)
  password!: string;

  /** From the log; asked only from elsewhere than loopback. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  setupToken?: string;
}

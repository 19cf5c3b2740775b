import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, Log } from '@vw/platform';
import { setupRequired } from './organization-statements';

/** Proves that who sets the system up may read its log. Made at each start that finds no organization; never stored. */
@Injectable()
export class SetupToken implements OnApplicationBootstrap {
  private readonly token = randomBytes(32).toString('base64url');

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.database.acrossOrganizations(setupRequired)) {
      this.log.warn(
        { setupToken: this.token },
        'No organization exists yet: this token proves that whoever sets up may read this log.',
      );
    }
  }

  matches(token: string | undefined): boolean {
    return timingSafeEqual(sha256(token ?? ''), sha256(this.token));
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

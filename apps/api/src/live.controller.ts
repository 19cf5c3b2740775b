import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Identity, type SignedInUser } from '@vw/identity';
import { LiveFeed } from '@vw/platform';
import { LiveEvent } from '@vw/shared-contracts';
import { defer, endWith, expand, map, merge, switchMap, takeWhile, timer, type Observable } from 'rxjs';
import { Requires, User } from './access';

/** Proxies close streams that are silent for a minute. In milliseconds. */
const KEEP_ALIVE_MS = 20_000;

@Controller('live')
export class LiveController {
  constructor(
    private readonly feed: LiveFeed,
    private readonly identity: Identity,
  ) {}

  /** Server-sent events of the organization: what to read again, ids only. Ends with the session. */
  @Sse()
  @Requires('member')
  @ApiOkResponse({ type: LiveEvent })
  async events(@User() user: SignedInUser): Promise<Observable<MessageEvent>> {
    const events = await this.feed.listen(user.orgId, user.sessionId);
    return untilOneEnds(events.pipe(map((data) => ({ data }))), this.pings(user));
  }

  /** A ping at each look at the session, until it has ended: at the latest then, whoever else ends it without telling the feed. */
  private pings(user: SignedInUser): Observable<MessageEvent> {
    const look = defer(() => this.identity.sessionLeftMs(user));
    return look.pipe(
      expand((left) => timer(Math.min(left, KEEP_ALIVE_MS)).pipe(switchMap(() => look))),
      takeWhile((left) => left > 0),
      map(() => ({ type: 'ping', data: '' })),
    );
  }
}

function untilOneEnds(...streams: Observable<MessageEvent>[]): Observable<MessageEvent> {
  return merge(...streams.map((stream) => stream.pipe(endWith(null)))).pipe(
    takeWhile((event) => event !== null),
  );
}

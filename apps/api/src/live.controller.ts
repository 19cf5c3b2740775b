import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { ApiKeys, Identity, type KeyHolder, type SignedInUser } from '@vw/identity';
import { LiveFeed } from '@vw/platform';
import { LiveEvent } from '@vw/shared-contracts';
import { defer, endWith, expand, map, merge, switchMap, takeWhile, timer, type Observable } from 'rxjs';
import { Caller, KeyScope, Requires } from './access';

/** Proxies close streams that are silent for a minute. In milliseconds. */
const KEEP_ALIVE_MS = 20_000;

@Controller('live')
export class LiveController {
  constructor(
    private readonly feed: LiveFeed,
    private readonly identity: Identity,
    private readonly keys: ApiKeys,
  ) {}

  /** Server-sent events of the organization: what to read again, ids only. Ends with the session, or the API key. */
  @Sse()
  @Requires('member')
  @KeyScope('read')
  @ApiOkResponse({ type: LiveEvent })
  async events(@Caller() caller: SignedInUser | KeyHolder): Promise<Observable<MessageEvent>> {
    const listener = 'sessionId' in caller ? caller.sessionId : caller.keyId;
    const events = await this.feed.listen(caller.orgId, listener);
    return untilOneEnds(events.pipe(map((data) => ({ data }))), this.pings(caller));
  }

  /** A ping at each look at the session, until it has ended: at the latest then, whoever else ends it without telling the feed. */
  private pings(caller: SignedInUser | KeyHolder): Observable<MessageEvent> {
    const look = defer(() =>
      'sessionId' in caller ? this.identity.sessionLeftMs(caller) : this.keys.leftMs(caller),
    );
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

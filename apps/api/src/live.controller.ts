import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { LiveFeed } from '@vw/platform';
import { LiveEvent } from '@vw/shared-contracts';
import { interval, map, merge, type Observable } from 'rxjs';
import { Org, Requires } from './access';

/** Proxies close streams that are silent for a minute. In milliseconds. */
const KEEP_ALIVE_MS = 20_000;

@Controller('live')
export class LiveController {
  constructor(private readonly feed: LiveFeed) {}

  /** Server-sent events of the organization: what to read again, ids only. */
  @Sse()
  @Requires('member')
  @ApiOkResponse({ type: LiveEvent })
  events(@Org() orgId: string): Observable<MessageEvent> {
    return merge(
      this.feed.listen(orgId).pipe(map((data) => ({ data }))),
      interval(KEEP_ALIVE_MS).pipe(map(() => ({ type: 'ping', data: '' }))),
    );
  }
}

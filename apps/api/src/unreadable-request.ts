import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { Problem } from '@vw/platform';
import { problemDetails } from './problem.filter';

/** Nobody would read what is sent to a client that has gone. */
const GONE = 'ECONNRESET';

/**
 * What Node cannot read as a request, headers of more than 16 KB for example, is answered like any other problem. No route, filter or log
 * of a request comes near it.
 */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === GONE || socket.destroyed) return;
  const body = JSON.stringify(problemDetails(new Problem('malformed'), requestId()));
  if (socket.writable) {
    socket.write(
      [
        'HTTP/1.1 400 Bad Request',
        'content-type: application/problem+json; charset=utf-8',
        'cache-control: no-store',
        'connection: close',
        `content-length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroySoon();
}

/** Names a request in its answer and in the log. */
export function requestId(): string {
  return `req_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
}

import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { Env } from './env';

/** JSON lines on stdout. Callers pass ids and codes; a secret, a body of MLflow or a URL with credentials never gets here. */
@Injectable()
export class Log implements LoggerService {
  private readonly logger: Logger;

  constructor(env: Env) {
    this.logger = pino({ level: env.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  }

  info(fields: object, message: string): void {
    this.logger.info(fields, message);
  }

  warn(fields: unknown, message?: unknown): void {
    this.write('warn', fields, message);
  }

  error(fields: unknown, message?: unknown): void {
    this.write('error', fields, message);
  }

  log(message: unknown, context?: unknown): void {
    this.write('debug', message, context);
  }

  /** Nest calls with (message, context), our code with (fields, message). */
  private write(level: 'debug' | 'warn' | 'error', first: unknown, second: unknown): void {
    if (typeof first === 'object' && first !== null && !(first instanceof Error)) {
      this.logger[level](first, String(second ?? ''));
    } else if (first instanceof Error) {
      this.logger[level](
        { err: { name: first.name, message: first.message, stack: first.stack } },
        first.message,
      );
    } else {
      this.logger[level]({ context: String(second ?? '') }, String(first));
    }
  }
}

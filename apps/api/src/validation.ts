import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type ValidationError,
} from '@nestjs/common';
import { Problem } from '@vw/platform';
import { ConnectionInput, type FieldError } from '@vw/shared-contracts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Every input against its class; unknown fields are refused. Throws `invalid-input` with an error per field. */
export function validation(): ValidationPipe {
  return new InputPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors) =>
      new Problem('invalid-input', { errors: errors.flatMap((error) => fieldErrors(error)) }),
  });
}

class InputPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const input: unknown = await super.transform(value, metadata);
    // What a decorator of ours reads from the request nobody has typed.
    const errors = metadata.type === 'custom' ? [] : unstorable(input, '');
    if (errors.length > 0) throw new Problem('invalid-input', { errors });
    return input;
  }
}

/** Postgres holds every text but one with U+0000 in it. */
function unstorable(value: unknown, field: string): FieldError[] {
  if (typeof value === 'string')
    return value.includes('\0') ? [{ field, message: `${field} must not contain the character U+0000` }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    unstorable(inner, field ? `${field}.${name}` : name),
  );
}

/** A malformed id is one that does not exist. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!UUID.test(value)) throw new Problem('not-found');
    return value.toLowerCase();
  }
}

/** No body at all means the saved settings; any body must be whole settings. */
@Injectable()
export class OptionalConnectionPipe implements PipeTransform<unknown, Promise<ConnectionInput | null>> {
  private readonly pipe = validation();

  async transform(value: unknown): Promise<ConnectionInput | null> {
    if (value === undefined || value === null) return null;
    const input: unknown = await this.pipe.transform(value, { type: 'body', metatype: ConnectionInput });
    if (!(input instanceof ConnectionInput)) throw new Problem('invalid-input');
    return input;
  }
}

/** One error a field, of the rule that its class names first: what kind of value it is comes before how long it may be. */
function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const field = parent + error.property;
  const isAbsent = error.value === undefined || error.value === null;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => {
    if (rule === 'whitelistValidation') return { field, message: `${field} is not a known field` };
    return { field, message: isAbsent ? `${field} is required` : message };
  });
  return [...own.slice(-1), ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

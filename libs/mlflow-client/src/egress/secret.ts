import { inspect } from 'node:util';

const MASK = '[secret]';

/** A password or token that no log line, JSON reply or error message can print. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain text. For the builder of the Authorization header and for sealing; nothing else. */
  reveal(): string {
    return this.#value;
  }

  toJSON(): string {
    return MASK;
  }

  toString(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

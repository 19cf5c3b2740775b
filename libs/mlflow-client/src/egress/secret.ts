import { inspect } from 'node:util';

const MASK = '[secret]';

/** A password or token that no log line, JSON reply or error message can print. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain text. The linter names the files that may ask for it: those that send it to MLflow, seal it or check what it signed. */
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

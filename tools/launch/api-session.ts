/** Asks the API as a page of ours does: from the same origin, with the cookie of a session. */
export class ApiSession {
  /** As a browser sends it back; empty before there is a session. */
  cookie = '';
  private readonly base: string;

  /** For the product at this origin. */
  constructor(origin: string) {
    this.base = `${origin}/api/v1/`;
  }

  /** The parsed answer, null where it is empty. Throws with all of the answer where it is no success. */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(this.base + path, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

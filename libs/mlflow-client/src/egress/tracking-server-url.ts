/** Longer addresses are mistakes; browsers and proxies stop at about this length too. */
const MAX_URL_LENGTH = 2048;

export type TrackingServerUrlCheck = { ok: true; url: URL } | { ok: false; message: string };

/**
 * Judges the form of a tracking server URL, for a form field and for every use: http or https, perhaps a path prefix,
 * and nothing else. Asks no network. The message is safe to show: it never repeats the URL.
 */
export function checkTrackingServerUrl(text: string): TrackingServerUrlCheck {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, message: 'Enter the URL of the tracking server.' };
  if (trimmed.length > MAX_URL_LENGTH) return { ok: false, message: 'The URL is too long.' };
  const url = URL.parse(trimmed);
  if (url === null && /^https?:\/\//i.test(trimmed))
    return { ok: false, message: 'This is no URL: check the host name and the port.' };
  if (url === null)
    return { ok: false, message: 'Begin with http:// or https://, as in https://mlflow.example.com' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { ok: false, message: 'The URL must start with http:// or https://.' };
  }
  // Read from the text as well: URL drops an empty "user@", "?" or "#", and what was typed would silently change.
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?#]*@/.test(trimmed)) {
    return {
      ok: false,
      message: 'The URL must not contain a user name or password; use the fields for them.',
    };
  }
  if (trimmed.includes('?')) return { ok: false, message: 'The URL must not contain a query (?…).' };
  if (trimmed.includes('#')) return { ok: false, message: 'The URL must not contain a fragment (#…).' };
  return { ok: true, url };
}

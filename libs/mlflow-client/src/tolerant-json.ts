/**
 * Parses JSON that may hold Python's bare NaN, Infinity and -Infinity, which become the strings of the same spelling.
 * Throws SyntaxError for anything else that is no JSON. Text inside of strings is never touched.
 *
 * Servers that were measured send valid JSON, so the second way, about three times as slow, is taken on failure only.
 */
export function parseTolerantJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = quoteBareNumbers(text);
    if (quoted === text) throw error;
    return JSON.parse(quoted);
  }
}

function quoteBareNumbers(text: string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < text.length) {
    const quote = text.indexOf('"', position);
    const outside = text.slice(position, quote === -1 ? text.length : quote);
    parts.push(outside.replace(/-?\bInfinity\b|\bNaN\b/g, '"$&"'));
    if (quote === -1) break;
    const end = endOfString(text, quote);
    parts.push(text.slice(quote, end));
    position = end;
  }
  return parts.join('');
}

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote + 1;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

#!/usr/bin/env node
// @ts-check
/**
 * Asks the promotion gate whether a model version may go to a target, for use in a pipeline. Exit codes: 0 allow, 1 deny, 2 wrong use,
 * 3 unknown, which is also whatever keeps the answer away: no connection, no rights, a timeout, nonsense. It fails closed.
 * Plain JavaScript without imports of ours: a pipeline runs it with any Node from 18 on, and without a build.
 */
import { parseArgs } from 'node:util';
import { FORMATS } from './formats.mjs';

/** @import { Answer, Question } from './formats.mjs' */

const EXIT = { allow: 0, deny: 1, usage: 2, unknown: 3 };
/** A gate answers within milliseconds; a pipeline must not hang on one that does not. In milliseconds. */
const TIMEOUT_MS = 30_000;

const USAGE = `Usage: vw-gate --model NAME --version N --target TARGET --url URL [--format ${Object.keys(FORMATS).join('|')}]

  --target  Staging, Production, or an alias
  --url     where VerifyWise answers, https://verifywise.example for instance
  The API key is read from VW_API_KEY.

Exit code: 0 allow, 1 deny, 2 wrong use, 3 unknown or no answer`;

process.exitCode = await main(process.argv.slice(2), (process.env['VW_API_KEY'] ?? '').trim());

/**
 * @param {string[]} args
 * @param {string} key
 * @returns {Promise<number>}
 */
async function main(args, key) {
  const question = questionFrom(args, key);
  if (typeof question === 'string') {
    process.stderr.write(`${question}\n\n${USAGE}\n`);
    return EXIT.usage;
  }
  const answer = await ask(question, key);
  process.stdout.write(`${FORMATS[question.format]?.(question, answer)}\n`);
  return EXIT[answer.verdict];
}

/**
 * What is asked, or what is wrong with how it is asked.
 *
 * @param {string[]} args
 * @param {string} key
 * @returns {Question | string}
 */
function questionFrom(args, key) {
  const text = { type: /** @type {const} */ ('string') };
  try {
    const { values } = parseArgs({
      args,
      options: { model: text, version: text, target: text, url: text, format: { ...text, default: 'text' } },
    });
    const { model, version, target, url, format = 'text' } = values;
    if (!model || !version || !target || !url)
      return 'Each of --model, --version, --target and --url is needed.';
    if (!Object.hasOwn(FORMATS, format)) return `--format ${format} is not known.`;
    if (!isPlainUrl(url)) return '--url must be an http or https URL without user, query and fragment.';
    if (!key) return 'VW_API_KEY is not set.';
    // A header that cannot be sent would be told with the key in it.
    if (!/^[\x21-\x7e]+$/.test(key)) return 'VW_API_KEY is no key: it holds blanks or other characters.';
    return { model, version, target, url, format };
  } catch (error) {
    // parseArgs says which option it does not know.
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {string} text
 * @returns {boolean}
 */
function isPlainUrl(text) {
  return URL.canParse(text) && /^https?:\/\/[^@?#]+$/.test(text);
}

/**
 * @param {Question} question
 * @param {string} key
 * @returns {Promise<Answer>}
 */
async function ask(question, key) {
  const { model, version, target } = question;
  const url = `${question.url.replace(/\/+$/, '')}/api/v1/governance/gate?${new URLSearchParams({ model, version, target })}`;
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
      // A redirect would take the key to wherever it leads.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    /** @type {unknown} */
    const body = await response.json();
    if (!response.ok)
      return noAnswer(`VerifyWise answered ${response.status} ${textIn(body, 'code')}`.trim());
    return isAnswer(body) ? body : noAnswer('The answer is not one of the gate.');
  } catch (error) {
    // Not reached, cut off, or not JSON: whatever it was, nobody said allow.
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return noAnswer(
      `VerifyWise could not be asked (${error instanceof Error ? error.message : error}${cause})`,
    );
  }
}

/**
 * @param {string} reason
 * @returns {Answer}
 */
function noAnswer(reason) {
  return { verdict: 'unknown', reasons: [{ rule: 'gate', severity: 'critical', reason }] };
}

/**
 * @param {unknown} body
 * @returns {body is Answer}
 */
function isAnswer(body) {
  const reasons = typeof body === 'object' && body !== null && 'reasons' in body ? body.reasons : null;
  return (
    ['allow', 'deny', 'unknown'].includes(textIn(body, 'verdict')) &&
    Array.isArray(reasons) &&
    reasons.every((one) => textIn(one, 'rule') && textIn(one, 'severity') && textIn(one, 'reason'))
  );
}

/**
 * The text under a name, or nothing.
 *
 * @param {unknown} body
 * @param {string} name
 * @returns {string}
 */
function textIn(body, name) {
  const value =
    typeof body === 'object' && body !== null ? Object.entries(body).find(([key]) => key === name)?.[1] : '';
  return typeof value === 'string' ? value : '';
}

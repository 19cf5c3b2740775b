// @ts-check

/**
 * @typedef {{ model: string, version: string, target: string, url: string, format: string }} Question
 * @typedef {{ rule: string, severity: string, reason: string }} Reason
 * @typedef {{ verdict: 'allow' | 'deny' | 'unknown', reasons: Reason[] }} Answer
 */

/** @type {Record<string, (question: Question, answer: Answer) => string>} */
export const FORMATS = { text, json, junit, sarif };

/** @type {(question: Question, answer: Answer) => string} */
function text({ model, version, target }, { verdict, reasons }) {
  const lines = reasons.map(
    ({ rule, severity, reason }) => `  ${severity.padEnd(8)} ${rule.padEnd(9)} ${printable(reason)}`,
  );
  return [
    `${verdict.toUpperCase()} ${printable(model)} ${printable(version)} to ${printable(target)}`,
    ...lines,
  ].join('\n');
}

/** @type {(question: Question, answer: Answer) => string} */
function json({ model, version, target }, { verdict, reasons }) {
  return JSON.stringify({ model, version, target, verdict, reasons }, null, 2);
}

/**
 * One case a reason, or one that passes. What decides is a failure, or an error where nothing could be decided; what does not decide
 * passes, and says so in its output.
 *
 * @type {(question: Question, answer: Answer) => string}
 */
function junit(question, { verdict, reasons }) {
  const suite = `vw-gate ${question.model} ${question.version} to ${question.target}`;
  const decides = (/** @type {Reason} */ reason) => verdict !== 'allow' && reason.severity === 'critical';
  const tag = verdict === 'deny' ? 'failure' : 'error';
  const cases = reasons.map((one) => {
    const inner = decides(one)
      ? `<${tag} message="${xml(one.reason)}" type="${xml(one.severity)}"/>`
      : `<system-out>${xml(`${one.severity}: ${one.reason}`)}</system-out>`;
    return `    <testcase classname="${xml(suite)}" name="${xml(one.rule)}">${inner}</testcase>`;
  });
  const bare = verdict === 'allow' ? '' : `<${tag} message="${verdict}"/>`;
  if (cases.length === 0 || (bare && !reasons.some(decides)))
    cases.push(`    <testcase classname="${xml(suite)}" name="verdict">${bare}</testcase>`);
  const broken = Math.max(reasons.filter(decides).length, bare ? 1 : 0);
  const counts = `tests="${cases.length}" failures="${verdict === 'deny' ? broken : 0}" errors="${verdict === 'unknown' ? broken : 0}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

/** SARIF 2.1.0. @type {(question: Question, answer: Answer) => string} */
function sarif({ model, version, target }, { verdict, reasons }) {
  const place = { fullyQualifiedName: `models:/${model}/${version}`, kind: 'resource' };
  const results = reasons.map(({ rule, severity, reason }) => ({
    ruleId: rule,
    level: severity === 'critical' ? 'error' : severity === 'high' ? 'warning' : 'note',
    message: { text: reason },
    locations: [{ logicalLocations: [place] }],
  }));
  const rules = [...new Set(reasons.map(({ rule }) => rule))].map((id) => ({ id }));
  const run = {
    tool: { driver: { name: 'vw-gate', rules } },
    invocations: [{ executionSuccessful: verdict !== 'unknown' }],
    results,
    properties: { verdict, target },
  };
  return JSON.stringify(
    { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] },
    null,
    2,
  );
}

/**
 * A name from a registry must not move a terminal's cursor.
 *
 * @param {string} value
 */
function printable(value) {
  return value.replace(/\p{Cc}/gu, '\uFFFD');
}

/**
 * Escaped, and without the characters that XML 1.0 cannot hold at all.
 *
 * @param {string} value
 */
function xml(value) {
  return value
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

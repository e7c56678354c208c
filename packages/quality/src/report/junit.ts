/* A report as JUnit's XML: a test suite for the table, a test case an expectation. */

import { findingOf, placeText, shortText, statusOf, titleOf, type Report } from './report.ts';

/** Text of XML; characters that XML 1.0 has no place for become U+FFFD. */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

export function reportJunit(report: Report): string {
  const { result, strict, ms } = report;
  const cases = result.results.map((r) => {
    const { subject, text, args } = titleOf(r);
    const name = `${subject}: ${text}${args === '' ? '' : ` (${args})`}`;
    const head = `    <testcase classname="${xmlText(result.suite_name)}" name="${xmlText(name)}" time="0"`;
    const status = statusOf(r, strict);
    if (status === 'passed') return `${head}/>`;
    const rows = r.samples.map(({ at, value }) => `${placeText(at)} ${shortText(value)}`.trim()).join('\n');
    const body =
      status === 'warning' || status === 'info'
        ? `<skipped message="${xmlText(`${status}: ${findingOf(r)}`)}"/>`
        : `<${status === 'error' ? 'error' : 'failure'} message="${xmlText(findingOf(r))}">${xmlText(rows)}</${status === 'error' ? 'error' : 'failure'}>`;
    return `${head}>\n      ${body}\n    </testcase>`;
  });
  const count = (...wanted: readonly string[]): number =>
    result.results.filter((r) => wanted.includes(statusOf(r, strict))).length;
  const numbers = `tests="${result.results.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('warning', 'info')}" time="${(ms / 1000).toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${numbers}>`,
    `  <testsuite name="${xmlText(`${result.meta.table}: ${result.suite_name}`)}" ${numbers} timestamp="${result.meta.run_time.slice(0, 19)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

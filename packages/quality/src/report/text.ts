/* A report for the terminal: a line an expectation, with a bar where rows are counted, and rows that broke it. */

import {
  countsOf,
  counted,
  findingOf,
  placeText,
  shareOf,
  shortText,
  statusOf,
  titleOf,
  type Report,
  type Status,
} from './report.ts';
import type { ExpectationResult } from '../validate.ts';

/** Colours, or functions that leave text as it is. */
export interface Paint {
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}
const plain = (text: string): string => text;
export const noPaint: Paint = { green: plain, red: plain, yellow: plain, dim: plain, bold: plain };

const marks: Readonly<Record<Status, string>> = {
  passed: '✓',
  failed: '✗',
  warning: '!',
  info: '·',
  error: '✗',
};
const barCells = 10;
const samplesMax = 5;

/** Lines of text, as wide as their columns need. */
export function reportText(report: Report, paint: Paint = noPaint): string {
  const { result, skipped, ms } = report;
  const { table, rows, columns } = result.meta;
  const widths = result.results
    .map(titleOf)
    .reduce(([s, t], title) => [Math.max(s, title.subject.length), Math.max(t, title.text.length)] as const, [
      0, 0,
    ] as readonly [number, number]);
  const lines = [
    `${paint.bold(table)}  ${counted(rows)} row${rows === 1 ? '' : 's'}, ${columns} column${columns === 1 ? '' : 's'}  ${paint.dim(`suite ${result.suite_name}`)}`,
    ...result.results.flatMap((r) => resultLines(r, report, widths, paint)),
    ...skipped.map(({ check, reason }) => paint.dim(`  - ${check}: left out, ${reason}`)),
    summary(report, paint, ms),
  ];
  return lines.join('\n');
}

function resultLines(
  result: ExpectationResult,
  { strict }: Report,
  [subjectWidth, textWidth]: readonly [number, number],
  paint: Paint,
): string[] {
  const status = statusOf(result, strict);
  const { subject, text, args } = titleOf(result);
  const color = {
    passed: paint.green,
    failed: paint.red,
    error: paint.red,
    warning: paint.yellow,
    info: paint.dim,
  }[status];
  const share = shareOf(result);
  const bar = share === undefined ? ' '.repeat(barCells) : barOf(share);
  const head = `  ${color(marks[status])} ${subject.padEnd(Math.min(subjectWidth, 30))}  ${text.padEnd(Math.min(textWidth, 44))}  ${color(bar)}  ${findingOf(result)}`;
  const more = args === '' ? '' : paint.dim(`  (${args})`);
  const lines = [head.trimEnd() + more];
  if (result.success) return lines;
  const { reason } = result.expectation_config.meta ?? {};
  if (typeof reason === 'string') lines.push(paint.dim(`      expected because: ${reason}`));
  const hint = result.exception_info.exception_message?.split('\n')[1];
  if (hint !== undefined) lines.push(paint.dim(`      ${hint}`));
  for (const { at, value } of result.samples.slice(0, samplesMax)) {
    const place = placeText(at);
    lines.push(`      ${place === '' ? '' : paint.dim(`${place}: `)}${shortText(value)}`);
  }
  const unseen = Number(result.result['unexpected_count'] ?? 0) - Math.min(samplesMax, result.samples.length);
  if (result.samples.length > 0 && unseen > 0) lines.push(paint.dim(`      … and ${counted(unseen)} more`));
  return lines;
}
/** Whole and eighths of cells; never full when something is missing. */
function barOf(share: number): string {
  const eighths = Math.min(Math.floor(share * barCells * 8), share < 1 ? barCells * 8 - 1 : barCells * 8);
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]!;
  return ('█'.repeat(Math.floor(eighths / 8)) + part).padEnd(barCells, '░');
}
function summary(report: Report, paint: Paint, ms: number): string {
  const { passed, failed, warnings } = countsOf(report);
  const parts = [
    failed > 0 ? paint.red(`${failed} failed`) : '',
    warnings > 0 ? paint.yellow(`${warnings} warning${warnings === 1 ? '' : 's'}`) : '',
    paint.green(`${passed} passed`),
  ].filter((part) => part !== '');
  return `${parts.join(', ')} in ${(ms / 1000).toFixed(1)} s`;
}

/* A report as one page of HTML that needs no network, for screens of any width. */

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
} from './report.ts';
import type { ExpectationResult } from '../validate.ts';
import { xmlText as html } from './junit.ts';

/** An earlier run of the same suite. */
export interface PastRun {
  readonly runTime: string;
  readonly passed: number;
  readonly failed: number;
}

const style = `
:root { color-scheme: light dark; --good: #1a7f4b; --bad: #b93025; --warn: #8f5700; --line: #8884; --dim: #666; }
@media (prefers-color-scheme: dark) {
  :root { --good: #4cc38a; --bad: #ff7b6e; --warn: #e5a54b; --dim: #aaa; }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; margin: 0 0 .2rem; }
.dim { color: var(--dim); } .counts b { font-size: 1.6rem; margin-right: .3rem; } .counts span { margin-right: 1.2rem; }
.failed, .error { color: var(--bad); }
.warning, .warnings, .info { color: var(--warn); }
.passed { color: var(--good); }
details { border-top: 1px solid var(--line); padding: .5rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
summary .what { color: var(--dim); }
.bar { background: currentColor; border-radius: 3px; height: 6px; margin: .3rem 0; overflow: hidden; }
.bar i { background: var(--good); border-right: 1px solid Canvas; display: block; height: 6px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
td, th { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: left; }
td, th { font-family: ui-monospace, monospace; }
.runs { align-items: end; display: flex; gap: 3px; height: 56px; margin: .5rem 0 0; }
.runs div { display: flex; flex: 1; flex-direction: column;
  height: 100%; max-width: 28px; min-width: 4px; }
.runs i { display: block; min-height: 2px; }
.runs .failed { background: var(--bad); } .runs .passed { background: var(--good); }
.ends { display: flex; gap: .5rem; flex-wrap: wrap; justify-content: space-between; }
.ends { font-size: .8rem; margin: .2rem 0 1rem; }
.more summary { color: var(--dim); padding: .3rem 0; } .more { border: 0; padding: 0; }
`;

/** `past`: earlier runs, the oldest first. */
export function reportHtml(report: Report, past: readonly PastRun[] = []): string {
  const { result, skipped, ms } = report;
  const { table, rows, columns, run_time: runTime } = result.meta;
  const { passed, failed, warnings } = countsOf(report);
  const when = html(runTime.slice(0, 19).replace('T', ' '));
  // What needs a look comes first.
  const order = ['error', 'failed', 'warning', 'info', 'passed'];
  const sorted = [...result.results].sort(
    (a, b) => order.indexOf(statusOf(a, report.strict)) - order.indexOf(statusOf(b, report.strict)),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(`${failed === 0 ? '✓' : '✗'} ${table}`)}</title><style>${style}</style></head><body>
<h1>${html(table)}</h1>
<p class="dim">${counted(rows)} rows, ${columns} columns ·
suite ${html(result.suite_name)} · ${when} UTC · ${(ms / 1000).toFixed(1)} s</p>
<p class="counts">${number('failed', failed)}${number(warnings === 1 ? 'warning' : 'warnings', warnings)}${number('passed', passed)}</p>
${historyOf(past)}
${sorted.map((r) => section(r, report)).join('\n')}
${skipped.map(({ check, reason }) => `<p class="dim">${html(check)} was left out: ${html(reason)}</p>`).join('\n')}
</body></html>
`;
}

const number = (kind: string, n: number): string => `<span class="${kind}"><b>${n}</b>${kind}</span>`;

function section(result: ExpectationResult, { strict }: Report): string {
  const status = statusOf(result, strict);
  const { subject, text, args } = titleOf(result);
  const share = shareOf(result);
  const bar =
    share === undefined ? '' : `<div class="bar"><i style="width:${(share * 100).toFixed(2)}%"></i></div>`;
  const { reason } = result.expectation_config.meta ?? {};
  const why = typeof reason === 'string' ? `<p class="dim">Expected because: ${html(reason)}</p>` : '';
  return `<details${result.success ? '' : ' open'}><summary class="${status}">
<b>${html(subject)}</b> ${html(text)} <span class="what">${html(args)}</span>${bar}</summary>
<p>${html(findingOf(result))}</p>${why}${samplesTable(result)}</details>`;
}
/** Rows that are shown at once: with more a page of several failures is a long way on a phone. */
const samplesShown = 5;

function samplesTable({ samples, expectation_config: { kwargs } }: ExpectationResult): string {
  if (samples.length === 0) return '';
  const rows = samples.map(
    ({ at, value }) => `<tr><td>${html(placeText(at))}</td><td>${html(shortText(value))}</td></tr>`,
  );
  const head = `<tr><th>where</th><th>${html(String(kwargs['column'] ?? 'values'))}</th></tr>`;
  const table = (some: readonly string[]): string =>
    `<div class="scroll"><table>${head}${some.join('')}</table></div>`;
  const [shown, more] = [rows.slice(0, samplesShown), rows.slice(samplesShown)];
  const rest =
    more.length === 0
      ? ''
      : `<details class="more"><summary>${more.length} more</summary>${table(more)}</details>`;
  return `${table(shown)}${rest}`;
}

/** A bar a run: what passed, and what failed above it. */
function historyOf(past: readonly PastRun[]): string {
  if (past.length < 2) return '';
  const bars = past.map(({ runTime, passed, failed }) => {
    const title = html(`${timeText(runTime)}: ${passed} passed, ${failed} failed`);
    const part = (kind: 'failed' | 'passed', n: number): string =>
      n === 0 ? '' : `<i class="${kind}" style="flex:${n}"></i>`;
    return `<div title="${title}">${part('failed', failed)}${part('passed', passed)}</div>`;
  });
  const ends = [past[0]!, past.at(-1)!].map(({ runTime }) => `<span>${html(timeText(runTime))}</span>`);
  return `<p class="dim">The last ${past.length} runs: failed above, passed below</p>
<div style="max-width:${past.length * 31}px"><div class="runs" role="img" aria-label="failed and passed expectations of the last runs">${bars.join('')}</div>
<div class="ends dim">${ends.join('')}</div></div>`;
}
const timeText = (runTime: string): string => runTime.slice(0, 16).replace('T', ' ');

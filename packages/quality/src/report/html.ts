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
:root { color-scheme: light dark; --good: #1a7f4b; --bad: #c0362c; --warn: #a86600; --line: #8884; --dim: #777; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; margin: 0 0 .2rem; }
.dim { color: var(--dim); } .counts b { font-size: 1.6rem; margin-right: .3rem; } .counts span { margin-right: 1.2rem; }
.failed, .error { color: var(--bad); }
.warning, .warnings, .info { color: var(--warn); }
.passed { color: var(--good); }
details { border-top: 1px solid var(--line); padding: .5rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
summary .what { color: var(--dim); }
.bar { background: var(--line); border-radius: 3px; height: 6px; margin: .3rem 0; }
.bar i { background: currentColor; border-radius: 3px; display: block; height: 6px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
td, th { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: left; }
td, th { font-family: ui-monospace, monospace; }
svg { display: block; width: 100%; height: 60px; margin: .5rem 0; }
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
<p class="counts">${number('failed', failed)}${number('warnings', warnings)}${number('passed', passed)}</p>
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
function samplesTable({ samples, expectation_config: { kwargs } }: ExpectationResult): string {
  if (samples.length === 0) return '';
  const rows = samples.map(
    ({ at, value }) => `<tr><td>${html(placeText(at))}</td><td>${html(shortText(value))}</td></tr>`,
  );
  return `<div class="scroll"><table><tr><th>where</th><th>${html(String(kwargs['column'] ?? 'values'))}</th></tr>${rows.join('')}</table></div>`;
}

/** A bar a run: how much of it passed. */
function historyOf(past: readonly PastRun[]): string {
  if (past.length < 2) return '';
  const width = 100 / past.length;
  const bars = past.map(({ runTime, passed, failed }, i) => {
    const all = passed + failed;
    const height = all === 0 ? 0 : (passed / all) * 50;
    const place = `x="${(i * width).toFixed(2)}%" y="${(55 - height).toFixed(1)}"`;
    const size = `width="${(width * 0.8).toFixed(2)}%" height="${Math.max(1, height).toFixed(1)}"`;
    const title = html(`${runTime.slice(0, 16).replace('T', ' ')}: ${passed} passed, ${failed} failed`);
    const color = failed > 0 ? 'var(--bad)' : 'var(--good)';
    return `<rect ${place} ${size} fill="${color}"><title>${title}</title></rect>`;
  });
  return `<p class="dim">The last ${past.length} runs</p><svg role="img" aria-label="passed expectations of the last runs">${bars.join('')}</svg>`;
}

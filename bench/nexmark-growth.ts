/* npm run bench -- nexmark-growth: what an event costs, and what is held, after 1, 10 and 30 million events.
 *
 *   generator ─▶ q4, q9, q11, q18, q20, each in a process of its own ─▶ nowhere
 *
 * CPU time of the whole process since the start, the generator's taken off: that of q0's source with all columns of bids.
 * Options: --events 1000000,10000000,30000000, --queries q4,q9. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    events: { type: 'string', default: '1000000,10000000,30000000' },
    queries: { type: 'string', default: 'q4,q9,q11,q18,q20' },
  },
});
const marks = values.events.split(',');

/** What bounds the state of each. */
const bounds: Readonly<Record<string, string>> = {
  q4: 'nothing: all auctions and bids',
  q9: 'nothing: all auctions and bids',
  q11: 'the gap of a session',
  q18: 'nothing: each bidder and auction',
  q20: 'nothing: all auctions of a category, and all bids',
};

interface Look {
  readonly events: number;
  readonly cpu: number;
  readonly heldBytes: number;
}
function run(query: string): Look[] | string {
  const program = join(import.meta.dirname, 'nexmark', 'growth-process.ts');
  const args = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', program];
  const child = spawnSync(process.execPath, [...args, query, ...marks], { encoding: 'utf8' });
  const looks = child.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Look);
  if (child.status === 0) return looks;
  return /^\w*Error: (.*)$/m.exec(child.stderr)?.[1] ?? `it ended with ${child.signal ?? child.status}`;
}

const perEvent = ({ cpu, events }: Look): number => (cpu / events) * 1e9;
const generator = run('q0');
if (typeof generator === 'string') throw new Error(generator);
const lines = values.queries.split(',').map((query) => {
  const looks = run(query);
  console.error(`[bench] ${query}: ${JSON.stringify(looks)}`);
  if (typeof looks === 'string') return `| ${query} | ${looks} |`;
  const costs = looks.map((look, i) => perEvent(look) - perEvent(generator[i]!));
  const cells = looks.map(
    (look, i) => `${Math.round(costs[i]!)} ns, ${Math.round(look.heldBytes / 1e6).toLocaleString('en')} MB`,
  );
  const bytes = looks.at(-1)!.heldBytes / looks.at(-1)!.events;
  return `| ${[query, ...cells, (costs.at(-1)! / costs[0]!).toFixed(2), bytes.toFixed(0), bounds[query] ?? ''].join(' | ')} |`;
});
writeFileSync(
  join(import.meta.dirname, 'nexmark-growth.md'),
  [
    '# Nexmark as it grows',
    '',
    `CPU time an event since the start, without that of the generator (${generator.map((l) => Math.round(perEvent(l))).join(', ')} ns with q0), and what state and buffers hold. In memory,`,
    `one thread. ${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    `| query | ${marks.map((m) => `${Number(m) / 1e6} M events`).join(' | ')} | cost grows, times | bytes an event at the end | state is bounded by |`,
    `|---|${marks.map(() => '---').join('|')}|---|---|---|`,
    ...lines,
    '',
  ].join('\n'),
);

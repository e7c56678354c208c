/* The page of the Nexmark benchmark: medians of the warm rounds, ratios, what was aimed for. */

import type { RunCost } from './engine.ts';

export interface QueryFigures {
  readonly query: string;
  /** Rounds in the order in which they ran, the first of each cold. */
  readonly ours: readonly RunCost[];
  readonly flinks: readonly RunCost[];
  /** What the comparison of rows found. */
  readonly rows: string;
}

/** Events per CPU second beside Flink's, at least. */
const goals: Readonly<Record<string, number>> = {
  q0: 14,
  ...Object.fromEntries('q1 q2 q21 q22 q5 q7 q8 q11 q12 q15 q16 q17'.split(' ').map((q) => [q, 10])),
  ...Object.fromEntries('q14 q3 q4 q9 q18 q19 q20'.split(' ').map((q) => [q, 8])),
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};
/** The rounds that count: all but the first, the median of each figure. */
const warm = (rounds: readonly RunCost[]): RunCost => ({
  wall: median(rounds.slice(1).map((r) => r.wall)),
  cpu: median(rounds.slice(1).map((r) => r.cpu)),
});
/** Least to most CPU time of the warm rounds, as parts of their median. */
const spread = (rounds: readonly RunCost[]): number => {
  const cpu = rounds.slice(1).map((r) => r.cpu);
  return (Math.max(...cpu) - Math.min(...cpu)) / median(cpu);
};
const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** Header and table in Markdown; `events` in the topic. */
export function nexmarkReport(figures: readonly QueryFigures[], events: number): string {
  const rate = (seconds: number): string => Math.round(events / seconds / 1000).toLocaleString('en');
  const rates = (cost: RunCost): string => `${rate(cost.wall)} / ${rate(cost.cpu)}`;
  const ratios = { wall: [] as number[], cpu: [] as number[] };
  const lines = figures.map(({ query, ours, flinks, rows }) => {
    const a = warm(ours);
    const goal = goals[query] === undefined ? '' : `${goals[query]}`;
    if (flinks.length === 0)
      return `| ${query} | ${rates(a)} | – | – | – | ${goal} | ${rates(ours[0]!)} | – | ${rows} |`;
    const b = warm(flinks);
    const cpu = b.cpu / a.cpu;
    ratios.wall.push(b.wall / a.wall);
    ratios.cpu.push(cpu);
    const reached = goals[query] !== undefined && cpu < goals[query] ? ' **short**' : '';
    const varied = `${Math.round(100 * spread(ours))} %, ${Math.round(100 * spread(flinks))} %`;
    return `| ${query} | ${rates(a)} | ${rates(b)} | ${(b.wall / a.wall).toFixed(1)} | ${cpu.toFixed(1)} | ${goal}${reached} | ${varied} | ${rates(ours[0]!)} | ${rates(flinks[0]!)} | ${rows} |`;
  });
  const means =
    ratios.cpu.length === 0
      ? []
      : [
          '',
          `Geometric mean of the ratios: ${geometricMean(ratios.wall).toFixed(1)} of wall time, **${geometricMean(ratios.cpu).toFixed(1)}** of CPU time.`,
        ];
  return [
    'Thousands of events per second of wall time / per CPU second. Wall is from job running to job finished, CPU our whole process against',
    "Flink's TaskManager alone; each engine in a process that stays up, round by round in turn; the first round of each is cold, the median of",
    "the others counts. Spread: from the least to the most CPU time of those, ours and Flink's. Flink takes a checkpoint every 10 s, ours none",
    '(checkpoint-nexmark.md). "Rows equal": each query once on both engines over a smaller topic into files, net rows compared.',
    '',
    '| query | Millrace | Flink | ratio wall | ratio CPU | aimed for | spread | Millrace cold | Flink cold | rows equal |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
    ...means,
    '',
  ].join('\n');
}

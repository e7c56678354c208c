/* npm run fuzz -- expressions: what Flink and we make of expressions by chance; npm run fuzz -- formats: what both write
 * and read; npm run fuzz -- casts: every type into every other; npm run fuzz -- queries: queries over changelogs. Options:
 * --seed N, --count N (expressions in all, four of five over columns; queries), --only TEXT (a regular expression: shapes
 * or queries in which it occurs), --mode columns|literals, --minutes N, --case N and --cases FILE (of queries: one alone, and where the
 * smallest of each difference go), --self (queries without Flink, held against themselves), --report FILE. Needs what a real
 * Flink needs, but for --self. */

import { parseArgs } from 'node:util';
import { Judge } from './conformance/judge.ts';
import { flinkMissing } from './flink.ts';
import { fuzzCasts } from './fuzz/casts.ts';
import { fuzzExpressions } from './fuzz/expressions.ts';
import { fuzzFormats } from './fuzz/formats.ts';
import { Printed } from './fuzz/queries/printed.ts';
import { fuzzAlone } from './fuzz/queries/alone.ts';
import { fuzzQueries } from './fuzz/queries/queries.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '4000' },
    only: { type: 'string' },
    mode: { type: 'string' },
    minutes: { type: 'string' },
    case: { type: 'string' },
    cases: { type: 'string' },
    self: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
});
const missing = values.self ? undefined : await flinkMissing();
if (missing !== undefined) {
  console.error(missing);
  process.exit(3);
}
const { report } = values;
const mode: 'columns' | 'literals' | undefined =
  values.mode === 'columns' || values.mode === 'literals' ? values.mode : undefined;
const given = {
  seed: Number(values.seed),
  count: Number(values.count),
  ...(values.only !== undefined && { only: values.only }),
  ...(mode !== undefined && { mode }),
  ...(report !== undefined && { report }),
};
/** What a run found, as text. */
interface Reported {
  report(): string;
  /** In one line. */
  readonly short: string;
}
const printed = new Printed();
const ofQueries = {
  ...given,
  ...(values.minutes !== undefined && { minutes: Number(values.minutes) }),
  ...(values.case !== undefined && { case: Number(values.case) }),
  ...(values.cases !== undefined && { cases: values.cases }),
};
const modes = {
  expressions: (judge: Judge) => fuzzExpressions(judge, given),
  casts: (judge: Judge) => fuzzCasts(judge, given),
  formats: (judge: Judge) => fuzzFormats(judge, given),
  queries: (judge: Judge) => fuzzQueries(judge, printed, ofQueries),
} as const satisfies Record<string, (judge: Judge) => Promise<Reported>>;
const [what] = positionals;
if (what === undefined || !(what in modes)) {
  console.error(
    'usage: fuzz expressions | casts | formats | queries [--seed N] [--count N] [--only TEXT] [--mode columns|literals] [--minutes N] [--case N] [--cases FILE] [--self] [--report FILE]',
  );
  process.exit(2);
}
const show = (findings: Reported): void => {
  console.log(report === undefined ? findings.report() : `${findings.short}: ${report}`);
};
if (values.self && what === 'queries') show(await fuzzAlone(ofQueries));
else {
  const judge = await Judge.start({ printed: printed.take });
  try {
    show(await modes[what as keyof typeof modes](judge));
  } finally {
    await judge.close();
  }
}

/* npm run conformance: with --record, a real Flink answers every case of tests/conformance, and its answers are written
 * beside them; npm test replays them. `--record sinks` asks for one group again; several may be named. Without
 * --record, only says how many answers there are. */

import { record, recorded, type Answers, type Group } from '../tests/conformance/answers.ts';
import { recordExpressions } from './conformance/expressions.ts';
import { recordDdl } from './conformance/ddl.ts';
import { Judge } from './conformance/judge.ts';
import {
  recordAggregates,
  recordBoundedJoins,
  recordChangelogs,
  recordFuzzed,
  recordJoins,
  recordLookups,
  recordMatches,
  recordNumbers,
  recordOvers,
  recordQueries,
  recordSets,
  recordStepped,
} from './conformance/queries.ts';
import { recordSamples } from './conformance/samples.ts';
import { recordSinks } from './conformance/sinks.ts';
import { flinkMissing, flinkVersion } from './flink.ts';

const groups: { readonly [G in Group]: (judge: Judge) => Promise<Answers[G][]> } = {
  expressions: recordExpressions,
  queries: recordQueries,
  changelogs: recordChangelogs,
  lookups: recordLookups,
  numbers: recordNumbers,
  samples: recordSamples,
  joins: recordJoins,
  'bounded-joins': recordBoundedJoins,
  stepped: recordStepped,
  overs: recordOvers,
  matches: recordMatches,
  sets: recordSets,
  aggregates: recordAggregates,
  fuzzed: recordFuzzed,
  sinks: recordSinks,
  ddl: recordDdl,
};
const names = Object.keys(groups) as Group[];

async function recordAll(asked: readonly Group[]): Promise<void> {
  const missing = await flinkMissing();
  if (missing !== undefined) {
    console.error(missing);
    process.exit(3);
  }
  console.error(`starting Flink ${flinkVersion} …`);
  const judge = await Judge.start();
  const one = async <G extends Group>(group: G): Promise<void> => {
    record(group, await groups[group](judge));
  };
  try {
    for (const group of asked) await one(group);
  } finally {
    await judge.close();
  }
}

const [flag, ...asked] = process.argv.slice(2);
const unknown = asked.find((a) => !names.includes(a as Group));
if ((flag !== undefined && flag !== '--record') || unknown !== undefined) {
  console.error(`usage: conformance [--record [${names.join(' | ')}]...]`);
  process.exit(2);
}
if (flag === '--record') await recordAll(asked.length === 0 ? names : (asked as Group[]));
for (const group of names)
  console.log(`${group}: ${recorded(group).length} answers of Flink ${flinkVersion}`);

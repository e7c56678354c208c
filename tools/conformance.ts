/* npm run conformance: with --record, a real Flink answers every case of tests/conformance, and its answers are written
 * beside them; npm test replays them. `--record sinks` asks for one group again; several may be named. Without
 * --record, only says how many answers there are.
 *
 * `nexmark [--events N] [--query qN]...` compares the queries of Nexmark over many events and records nothing. */

import { record, recorded, type Answers, type Group } from '../tests/conformance/answers.ts';
import { recordExpressions } from './conformance/expressions.ts';
import { recordDeterminism } from './conformance/determinism.ts';
import { recordDdl } from './conformance/ddl.ts';
import { Judge } from './conformance/judge.ts';
import { compareNexmark, nexmarkAsked, recordNexmark, type NexmarkAsked } from './conformance/nexmark.ts';
import { recordPredictions } from './conformance/predictions.ts';
import { recordProcesses, recordProcessSteps } from './conformance/process.ts';
import {
  recordAggregates,
  recordBatches,
  recordBoundedJoins,
  recordChangelogFunctions,
  recordChangelogs,
  recordEmits,
  recordFuzzed,
  recordJoins,
  recordLookups,
  recordMatches,
  recordNumbers,
  recordOvers,
  recordQueries,
  recordSets,
  recordStepped,
  recordSubQueries,
  recordTypes,
} from './conformance/queries.ts';
import { recordSamples } from './conformance/samples.ts';
import { recordSinks } from './conformance/sinks.ts';
import { flinkMissing, flinkVersion } from './flink.ts';

const groups: { readonly [G in Group]: (judge: Judge) => Promise<Answers[G][]> } = {
  expressions: recordExpressions,
  queries: recordQueries,
  changelogs: recordChangelogs,
  'changelog-functions': recordChangelogFunctions,
  determinism: recordDeterminism,
  emits: recordEmits,
  'sub-queries': recordSubQueries,
  lookups: recordLookups,
  numbers: recordNumbers,
  samples: recordSamples,
  joins: recordJoins,
  'bounded-joins': recordBoundedJoins,
  stepped: recordStepped,
  overs: recordOvers,
  matches: recordMatches,
  batches: recordBatches,
  predictions: recordPredictions,
  processes: recordProcesses,
  'process-steps': recordProcessSteps,
  sets: recordSets,
  aggregates: recordAggregates,
  types: recordTypes,
  fuzzed: recordFuzzed,
  sinks: recordSinks,
  ddl: recordDdl,
  nexmark: recordNexmark,
};
const names = Object.keys(groups) as Group[];

/** Runs `work` beside a real Flink, or ends where there can be none. */
async function judged<R>(work: (judge: Judge) => Promise<R>): Promise<R> {
  const missing = await flinkMissing();
  if (missing !== undefined) {
    console.error(missing);
    process.exit(3);
  }
  console.error(`starting Flink ${flinkVersion} …`);
  const judge = await Judge.start();
  try {
    return await work(judge);
  } finally {
    await judge.close();
  }
}

async function recordAll(judge: Judge, asked: readonly Group[]): Promise<void> {
  const one = async <G extends Group>(group: G): Promise<void> => {
    record(group, await groups[group](judge));
  };
  for (const group of asked) await one(group);
}

function refuse(reason?: string): never {
  if (reason !== undefined) console.error(reason);
  console.error(
    `usage: conformance [--record [${names.join(' | ')}]...]\n       conformance nexmark [--events N] [--query qN]...`,
  );
  process.exit(2);
}

function asNexmark(args: readonly string[]): NexmarkAsked {
  try {
    return nexmarkAsked(args);
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'nexmark') {
  const asked = asNexmark(rest);
  const equal = await judged((judge) => compareNexmark(judge, asked));
  process.exit(equal ? 0 : 1);
}
if (first !== undefined && first !== '--record') refuse();
const unknown = rest.find((a) => !names.includes(a as Group));
if (unknown !== undefined) refuse(`no group '${unknown}'`);
if (first === '--record')
  await judged((judge) => recordAll(judge, rest.length === 0 ? names : (rest as Group[])));
for (const group of names)
  console.log(`${group}: ${recorded(group).length} answers of Flink ${flinkVersion}`);

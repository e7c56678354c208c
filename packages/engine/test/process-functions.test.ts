/* What is wrong with process table functions while they run, and what their user hears of it. */

import { expect, test } from 'vitest';
import {
  Executor,
  type ListView,
  type MapView,
  type ProcessContext,
  type ProcessFunctionDefinition,
} from '#engine';
import { parseStatement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

interface Kept {
  n: number;
  row: { a: number };
  ids: ListView<number | null>;
  per: MapView<string | null, number>;
}
type Context = ProcessContext<Kept>;
let kept: Context | undefined;
let walk: Iterator<number | null> | undefined;

const timed = { onTimer: (): void => {} };
const keyOnly = {
  returns: 'ROW<a INT NOT NULL>',
  changelogMode: { kinds: ['+I', '+U', '-D'], keyOnlyDeletes: true },
};
/** What `eval` does, what else it has, what its user hears. */
const mistakes: readonly [(ctx: Context) => void, object, string, string][] = [
  [() => fail('no luck'), {}, 'LIB2001', 'eval of the process table function "f" failed: Error: no luck'],
  [(ctx) => ctx.emit({ a: 'text' }), {}, 'LIB2001', '"f" emitted: text is not of type INT'],
  [(ctx) => ctx.emit({ b: 1 }), {}, 'LIB2001', '"f" emitted "b", and there is no such column'],
  [(ctx) => ctx.emit([1]), {}, 'LIB2001', '"f" emitted "0"'],
  [(ctx) => ctx.emit({}), { returns: 'ROW<a INT NOT NULL>' }, 'LIB2001', '"f" emitted NULL in "a"'],
  [(ctx) => ctx.emit(5), {}, 'LIB2001', '"f" emitted: 5 (number) is not of type ROW<`a` INT>'],
  [(ctx) => ctx.state.n.set(1.5), {}, 'LIB2001', '"f" set "n": '],
  [async () => {}, {}, 'LIB2001', '"f" returned a promise'],
  [(ctx) => ctx.timeContext.registerOnTime(5), {}, 'LIB2001', 'has no onTimer'],
  [(ctx) => ctx.timeContext.registerOnTime(5), timed, 'LIB2001', 'timers need on_time'],
  [(ctx) => ctx.state.ids.add(null), {}, 'LIB2001', '"f" added to "ids" null, and a list has no nulls'],
  [(ctx) => ctx.state.ids.remove(null), {}, 'LIB2001', '"f" removed from "ids" null'],
  [(ctx) => ctx.state.per.put(null, 1), {}, 'LIB2001', '"f" put into "per" by null, and a map has no null'],
  [(ctx) => ctx.state.per.put('a', 1.5), {}, 'LIB2001', '"f" put into "per": '],
  [(ctx) => void ctx.state.per.get(null), {}, 'LIB2001', '"f" read "per" by null'],
  [(ctx) => ctx.clearState('m' as 'n'), {}, 'LIB2001', '"f" clears "m", and it keeps no such state'],
  [
    (ctx) => ctx.emit({ a: 1 }, '+U'),
    {},
    'LIB2001',
    `"f" emitted a row of kind '+U', and its changelogMode is [+I]`,
  ],
  [(ctx) => ctx.emit({}, '-D'), keyOnly, 'none', ''],
  [(ctx) => ctx.emit({}, '+I'), keyOnly, 'LIB2001', '"f" emitted NULL in "a"'],
  [(ctx) => ctx.emit({ a: 1 }, '-D'), { changelogMode: () => ['+I'] }, 'LIB2001', `of kind '-D'`],
  [(ctx) => goThrough(ctx.state.ids), {}, 'none', ''],
  [(ctx) => (kept === undefined ? (kept = ctx) : kept).emit({ a: 1 }), {}, 'none', ''],
];
function goThrough(ids: ListView<number | null>): void {
  ids.addAll([1, 2]);
  walk = ids.get()[Symbol.iterator]();
  walk.next();
}
function fail(message: string): never {
  throw new Error(message);
}

const sink = "('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')";

test.each(mistakes)('%s', async (evaluate, rest, code, message) => {
  const definition: ProcessFunctionDefinition = {
    args: [{ name: 'input', table: 'set' }],
    returns: 'ROW<a INT>',
    state: {
      n: 'INT',
      row: 'ROW<a INT>',
      ids: { view: 'list', type: 'INT' },
      per: { view: 'map', key: 'STRING', value: 'INT' },
    },
    eval: evaluate,
    ...rest,
  };
  const engine = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
  });
  engine.addFunction('f', definition);
  await engine.execute(
    parseStatement(`CREATE TABLE out (n INT, a INT, PRIMARY KEY (n) NOT ENFORCED) WITH ${sink}`),
  );
  const asked =
    'INSERT INTO out SELECT * FROM f(input => (SELECT n FROM (VALUES (1), (2)) AS t(n)) PARTITION BY n)';
  const execution = await engine.execute(parseStatement(asked));
  if (execution.kind !== 'job') throw new TypeError('a job');
  const thrown: unknown = await execution.job.done.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (code === 'none') return expect(thrown).toBeUndefined();
  expect(thrown).toMatchObject({ code });
  expect((thrown as Error).message).toContain(message);
});

test('a context is good while its call lasts', () => {
  expect(() => kept!.emit({ a: 1 })).toThrow('uses its context when its call is over');
  expect(() => kept!.partitionKey).toThrow('uses its context');
  expect(() => kept!.state.ids.get()).toThrow('uses its context');
  expect(() => walk!.next()).toThrow('uses its context');
});

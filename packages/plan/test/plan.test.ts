/* What plans say that EXPLAIN does not: TTLs, watermark alignment, single instances; and what checkPlan must refuse. */

import { describe, expect, test } from 'vitest';
import { Executor } from '#engine';
import type { PhysicalPlan, PlanNode } from '#plan';
import { parseScript, type Statement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';
import { checkRels } from '../src/logical/check-rels.ts';
import { checkPlan } from '../src/physical/check-plan.ts';
import { digest } from '../src/digest.ts';
import { bindSql } from './bind-sql.ts';

const ddl = `
  CREATE TABLE a (id INT, k STRING, v INT) WITH ('connector' = 'test');
  CREATE TABLE b (id INT, k STRING, w INT) WITH ('connector' = 'test');
  CREATE TABLE byk (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D');
  CREATE TABLE every (k STRING, n BIGINT) WITH ('connector' = 'test');`;

async function planOf(sql: string): Promise<PhysicalPlan> {
  const executor = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
  });
  const statements: Statement[] = parseScript(`${ddl}\n${sql}`).map((s) => s.statement);
  const last = statements.pop()!;
  for (const statement of statements) await executor.execute(statement);
  if (last.kind !== 'select-statement' && last.kind !== 'statement-set' && last.kind !== 'insert')
    throw new TypeError(`a ${last.kind} has no plan`);
  return executor.plan(last).plan;
}
const nodesOf = <K extends PlanNode['kind']>(
  { nodes }: PhysicalPlan,
  kind: K,
): Extract<PlanNode, { kind: K }>[] =>
  nodes.map((n) => n.node).filter((n): n is Extract<PlanNode, { kind: K }> => n.kind === kind);

test.each(['MEDIAN(v)', 'PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v)', 'APPROX_PERCENTILE(v, 0.5)'])(
  'the hint for %s names PERCENTILE where that plans, and says that it is missing where not',
  async (call) => {
    const plans = await planOf('SELECT PERCENTILE(v, 0.5) FROM a').then(
      () => true,
      () => false,
    );
    await expect(planOf(`SELECT ${call} FROM a`)).rejects.toMatchObject({
      code: 'SQL3001',
      hint: expect.stringMatching(
        plans ? /^In Flink SQL: PERCENTILE\(value, / : /PERCENTILE for it, which is not supported yet/,
      ),
    });
  },
);

describe('TTL', () => {
  const ttls = async (sql: string): Promise<number[][]> =>
    nodesOf(await planOf(sql), 'join').map((n) => [n.leftTtlMs, n.rightTtlMs]);
  const set = "SET 'table.exec.state.ttl' = '1 h';";

  test('of the setting counts for both sides', async () => {
    expect(await ttls(`${set} SELECT a.id FROM a JOIN b ON a.k = b.k`)).toEqual([[3_600_000, 3_600_000]]);
  });
  test('of a hint counts for the side that it names, by alias or name', async () => {
    const from = 'FROM a JOIN b AS y ON a.k = y.k';
    expect(await ttls(`${set} SELECT /*+ STATE_TTL('y' = '2 s') */ a.id ${from}`)).toEqual([
      [3_600_000, 2000],
    ]);
    expect(await ttls(`SELECT /*+ STATE_TTL('a' = '1 s', 'y' = '2 s') */ a.id ${from}`)).toEqual([
      [1000, 2000],
    ]);
  });
  test('in a chain counts for tables that are a side by themselves', async () => {
    const sql = `SELECT /*+ STATE_TTL('a' = '1 s', 'b' = '2 s', 'c' = '3 s') */ a.id FROM a JOIN b ON a.k = b.k JOIN b AS c ON c.k = a.k`;
    expect(await ttls(sql)).toEqual([
      [1000, 2000],
      [0, 3000],
    ]);
  });
  test('of a hint counts for GROUP BY over the table', async () => {
    const sql = `${set} SELECT /*+ STATE_TTL('a' = '5 s') */ k, COUNT(*) FROM a GROUP BY k`;
    expect(nodesOf(await planOf(sql), 'group-aggregate').map((n) => n.ttlMs)).toEqual([5000]);
  });
  test('bounds the state', async () => {
    const bounds = async (sql: string): Promise<string[]> =>
      (await planOf(sql)).nodes.filter((n) => n.node.kind === 'join').map((n) => n.traits.state);
    expect(await bounds('SELECT a.id FROM a JOIN b ON a.k = b.k')).toEqual(['unbounded']);
    expect(await bounds(`${set} SELECT a.id FROM a JOIN b ON a.k = b.k`)).toEqual(['ttl']);
  });
});

describe('watermark alignment', () => {
  const table = (options: string): string =>
    `CREATE TABLE t (v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'test'${options}); SELECT v FROM t`;
  const alignment = async (options: string): Promise<unknown> =>
    nodesOf(await planOf(table(options)), 'scan').map((n) => n.alignment)[0];

  test('is none without options', async () => {
    expect(await alignment('')).toBeUndefined();
  });
  test('takes a group and a drift, and looks once a second unless it says', async () => {
    const both = ", 'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '20 s'";
    expect(await alignment(both)).toEqual({ group: 'g', maxDriftMs: 20_000, updateIntervalMs: 1000 });
    expect(await alignment(`${both}, 'scan.watermark.alignment.update-interval' = '5 s'`)).toEqual({
      group: 'g',
      maxDriftMs: 20_000,
      updateIntervalMs: 5000,
    });
  });
  test.each(['group', 'max-drift', 'update-interval'])('refuses %s alone', async (key) => {
    const value = key === 'group' ? 'g' : '1 s';
    await expect(planOf(table(`, 'scan.watermark.alignment.${key}' = '${value}'`))).rejects.toMatchObject({
      code: 'CAT1003',
    });
  });
});

test('a plan is plain data', async () => {
  const plan = await planOf(
    'SELECT a.k, COUNT(*) AS n FROM a LEFT JOIN b ON a.k = b.k AND a.v + 1 < b.w GROUP BY a.k ORDER BY n DESC LIMIT 3',
  );
  expect(digest(structuredClone(plan))).toBe(digest(plan));
});
test('joins without a key, and what follows them, run as one instance', async () => {
  const single = async (sql: string): Promise<string[]> =>
    (await planOf(sql)).nodes.filter((n) => n.traits.single).map((n) => n.node.kind);
  expect(await single('SELECT a.v + b.w FROM a CROSS JOIN b')).toEqual(['join', 'calc']);
  expect(await single('SELECT a.v + b.w FROM a JOIN b ON a.k = b.k')).toEqual([]);
});
test('a view that three sinks read is one aggregate, which gives -U as one of them needs it', async () => {
  const plan = await planOf(`CREATE VIEW c AS SELECT k, COUNT(*) AS n FROM a GROUP BY k;
    EXECUTE STATEMENT SET BEGIN INSERT INTO byk SELECT * FROM c; INSERT INTO every SELECT * FROM c; INSERT INTO byk SELECT k, n FROM c; END`);
  const counts = plan.nodes.filter((n) => n.node.kind === 'group-aggregate');
  expect(counts.map((n) => n.traits.changelog.updateBefore)).toEqual([true]);
  expect(nodesOf(plan, 'drop-update-before')).toHaveLength(1);
  expect(
    plan.nodes.filter((n) => n.node.kind === 'sink').map((n) => n.traits.changelog.updateBefore),
  ).toEqual([false, true, false]);
});

describe('a plan that does not hold together is a bug, and says so', () => {
  const broken = async (change: (plan: PhysicalPlan) => PhysicalPlan): Promise<() => void> => {
    const plan = await planOf('INSERT INTO byk SELECT k, COUNT(*) FROM a GROUP BY k');
    checkPlan(plan);
    return () => {
      checkPlan(change(plan));
    };
  };
  const withNode = (
    plan: PhysicalPlan,
    kind: PlanNode['kind'],
    change: (planned: PhysicalPlan['nodes'][number]) => PhysicalPlan['nodes'][number],
  ): PhysicalPlan => ({ ...plan, nodes: plan.nodes.map((n) => (n.node.kind === kind ? change(n) : n)) });

  test('two nodes of one id', async () => {
    const run = await broken((plan) => ({ ...plan, nodes: plan.nodes.map((n) => ({ ...n, id: 'x' })) }));
    expect(run).toThrow('the id x is there once');
  });
  test('a key that is no column', async () => {
    const run = await broken((plan) =>
      withNode(plan, 'scan', (n) => ({ ...n, traits: { ...n.traits, uniqueKeys: [[7]] } })),
    );
    expect(run).toThrow('keys are columns');
  });
  test('a sink that wants no -U and gets them', async () => {
    const run = await broken((plan) =>
      withNode(plan, 'group-aggregate', (n) => ({
        ...n,
        traits: { ...n.traits, changelog: { ...n.traits.changelog, updateBefore: true } },
      })),
    );
    expect(run).toThrow(/takes .*, not \[I,UB,UA\]/);
  });
  test('a node that does not give the -U that are needed', async () => {
    const run = await broken((plan) =>
      withNode(plan, 'group-aggregate', (n) => ({ ...n, traits: { ...n.traits, needed: true } })),
    );
    expect(run).toThrow('-U is needed');
  });
  test('a relation that reads a column which is not there, or of another type', async () => {
    const rel = await bindSql(ddl, 'SELECT v + 1 FROM a WHERE v > 1');
    checkRels([rel], 'binding');
    if (rel.kind !== 'project' || rel.input.kind !== 'filter')
      throw new TypeError('a filter below a projection');
    const { input } = rel;
    expect(() => {
      checkRels(
        [{ ...rel, input: { ...input, input: { ...input.input, fields: [] } } } as typeof rel],
        'a rule',
      );
    }).toThrow('after a rule');
    expect(() => {
      checkRels(
        [
          {
            ...rel,
            exprs: rel.exprs.map((e) => ({ ...e, type: { kind: 'DATE', nullable: true } as const })),
          },
        ],
        'a rule',
      );
    }).toThrow(/DATE is read as INT/);
  });
});

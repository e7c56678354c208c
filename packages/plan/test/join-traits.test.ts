/* Every type of join over every pair of sources and keys: what it gives to a reader that needs -U, what it gives and asks of
 * its sides for an upsert sink, and what stands before that sink. The table is golden: join-traits.txt; MILLRACE_UPDATE=1
 * writes it anew, and a person reads the difference. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changelogText } from '#catalog';
import { Executor } from '#engine';
import type { PhysicalPlan, PlannedNode } from '#plan';
import { parseScript, type Statement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

const golden = join(import.meta.dirname, 'join-traits.txt');
const columns = '(id INT, k STRING, v INT';
const sources = {
  inserts: `${columns}) WITH ('connector' = 'test')`,
  'keyed inserts': `${columns}, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test')`,
  changes: `${columns}) WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`,
  upserts: `${columns}, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'changelog-mode' = 'I,UA,D')`,
} as const;
const joins = {
  inner: (on: string) => `l JOIN r ON ${on}`,
  left: (on: string) => `l LEFT JOIN r ON ${on}`,
  right: (on: string) => `l RIGHT JOIN r ON ${on}`,
  full: (on: string) => `l FULL JOIN r ON ${on}`,
  semi: (on: string) => `l WHERE EXISTS (SELECT 1 FROM r WHERE ${on})`,
  anti: (on: string) => `l WHERE NOT EXISTS (SELECT 1 FROM r WHERE ${on})`,
} as const;
const conditions = ['l.id = r.id', 'l.v = r.id', 'l.k = r.k', 'l.id = r.id AND l.v < r.v'];

async function executorOf(left: string, right: string): Promise<Executor> {
  const executor = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
  });
  const ddl = `CREATE TABLE l ${left}; CREATE TABLE r ${right};
    CREATE TABLE byid (id INT, k STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`;
  for (const { statement } of parseScript(ddl)) await executor.execute(statement);
  return executor;
}
function planOf(executor: Executor, sql: string): PhysicalPlan {
  const statement = parseScript(sql)[0]!.statement as Extract<
    Statement,
    { kind: 'select-statement' | 'insert' }
  >;
  return executor.plan(statement).plan;
}
const mode = ({ traits }: PlannedNode): string => changelogText(traits.changelog);
const find = ({ nodes }: PhysicalPlan, kind: PlannedNode['node']['kind']): PlannedNode | undefined =>
  nodes.find((n) => n.node.kind === kind);

function line(executor: Executor, from: string): string {
  const read = find(planOf(executor, `SELECT l.id, l.k FROM ${from}`), 'join')!;
  const written = planOf(executor, `INSERT INTO byid SELECT l.id, l.k FROM ${from}`);
  const joined = find(written, 'join')!;
  const drop = find(written, 'drop-update-before');
  const before = find(written, 'materialize')
    ? 'materializer'
    : drop?.node.kind === 'drop-update-before'
      ? drop.node.asDelete
        ? '-U as -D'
        : '-U dropped'
      : 'nothing';
  const keys = read.traits.upsertKeys.map((k) => `{${k.map((c) => read.node.fields[c]!.name).join(',')}}`);
  const sides = joined.inputs.map((i) => mode(written.nodes[i]!)).join(' ');
  return [mode(read), keys.join(' ') || '-', `${sides} -> ${mode(joined)}`, before, read.traits.state]
    .map((cell, i) => cell.padEnd([14, 20, 44, 14, 9][i]!))
    .join('| ')
    .trimEnd();
}

test('joins of each type over each pair of sources, by each kind of key', async () => {
  const text: string[] = [];
  for (const [left, leftDdl] of Object.entries(sources)) {
    for (const [right, rightDdl] of Object.entries(sources)) {
      const executor = await executorOf(leftDdl, rightDdl);
      for (const on of conditions) {
        text.push(`${left}, ${right}: ${on}`);
        for (const [type, from] of Object.entries(joins))
          text.push(`  ${type.padEnd(6)}| ${line(executor, from(on))}`);
      }
    }
  }
  const whole = `${text.join('\n')}\n`;
  if (process.env['MILLRACE_UPDATE'] === '1') writeFileSync(golden, whole);
  expect(whole).toBe(readFileSync(golden, 'utf8'));
});

/* A query as the binder makes it. */

import { Executor } from '#engine';
import { QueryBinder, type Rel } from '#plan';
import { parseScript } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

export async function bindSql(ddl: string, sql: string): Promise<Rel> {
  const executor = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
  });
  for (const { statement } of parseScript(ddl)) await executor.execute(statement);
  const { statement } = parseScript(sql)[0]!;
  if (statement.kind !== 'select-statement') throw new TypeError('a SELECT is bound');
  return new QueryBinder(executor.session, executor.evaluation()).query(statement.query);
}

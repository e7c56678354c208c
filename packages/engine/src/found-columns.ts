/* CREATE TABLE without columns: those that its connector finds, in a file or in a schema registry.
 *
 *   CREATE TABLE t WITH ('connector' = 'kafka', …, 'format' = 'avro-confluent') ──▶ CREATE TABLE t (`id` BIGINT, …) WITH (…)
 *
 * Computed columns, metadata, the watermark and the key stay as they were declared. */

import { UserError, type World } from '#base';
import type { InferredTable } from '#catalog';
import { mergeOptions, type Session } from '#plan';
import { parseStatement, quoteName, type CreateTable } from '#sql';

/** What was found as a statement that could have been written. */
export function createTableText(
  name: string,
  { columns, options }: InferredTable,
  temporary = false,
): string {
  const fields = columns.map((column) => `${quoteName(column.name)} ${column.type}`);
  const pairs = Object.entries(options).map(([k, v]) => `'${k}' = '${v.replaceAll("'", "''")}'`);
  return `CREATE ${temporary ? 'TEMPORARY ' : ''}TABLE ${quoteName(name)} (${fields.join(', ')}) WITH (${pairs.join(', ')})`;
}

/** The statement itself where it declares columns, or its connector finds none. Throws UserError at the table's name. */
export async function withFoundColumns(
  node: CreateTable,
  session: Session,
  world: World,
): Promise<CreateTable> {
  if (node.like !== undefined || node.columns.some((c) => c.kind === 'physical')) return node;
  const options = mergeOptions(node.options);
  const connector = session.connectors.get(options.find((o) => o.key === 'connector')?.value ?? '');
  const at = node.name.at(-1)!.span;
  let found: InferredTable | undefined;
  try {
    const path = session.path(node.name);
    const table = { path, physical: [], primaryKey: [], partitionedBy: [], options };
    found = await connector?.infer?.(table, world);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    const { code, message, hint } = thrown;
    throw new UserError(code, { at: thrown.at ?? at, message, hint, cause: thrown });
  }
  if (found === undefined) return node;
  const written = parseStatement(
    createTableText('t', { columns: found.columns, options: { connector: '', ...found.options } }),
  ) as CreateTable;
  // What is found stands in the statement's text nowhere: errors point at the table.
  const columns = written.columns.map((column) => ({ ...column, span: at }));
  const added = written.options.filter(
    (o) => o.key !== 'connector' && !options.some((own) => own.key === o.key),
  );
  return {
    ...node,
    columns: [...columns, ...node.columns],
    options: [...node.options, ...added.map((option) => ({ ...option, span: at }))],
  };
}

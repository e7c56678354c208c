/* What two Nexmark queries need beside the events: the function of q14, and the side input of q13, a table of PostgreSQL,
 * for Flink looks up no files. */

import type { TestServer } from '../../packages/connectors/test/jdbc/server.ts';

/** How often a character stands in a text. */
const countChar = {
  args: ['STRING', 'STRING'],
  returns: 'BIGINT NOT NULL',
  call: (text: string, character: string): bigint => BigInt(text.split(character).length - 1),
};
/** The module that `countCharStatement` names. */
export const nexmarkModule = async (): Promise<Readonly<Record<string, unknown>>> => ({
  count_char: countChar,
});
export const countCharStatement = "CREATE FUNCTION count_char AS 'nexmark' LANGUAGE TYPESCRIPT";

/** Texts by the last four digits of an auction; every third is missing. */
export const sideRows: readonly (readonly [key: number, value: string])[] = Array.from(
  { length: 10_000 },
  (_, key) => [key, `side ${key}`] as const,
).filter(([key]) => key % 3 !== 0);

/** The table `side_input` with these options. */
export function sideStatement(options: Readonly<Record<string, string>>): string {
  const text = Object.entries(options).map(([key, value]) => `'${key}' = '${value}'`);
  return `CREATE TABLE side_input (key BIGINT, \`value\` STRING) WITH (${text.join(', ')})`;
}

/** Fills the side input in a database, and returns the options by which it is looked up. */
export async function fillSideInput(postgres: TestServer): Promise<Readonly<Record<string, string>>> {
  const values = sideRows.map(([key, value]) => `(${key}, '${value}')`);
  await postgres.query('CREATE TABLE side_input (key BIGINT PRIMARY KEY, value TEXT)');
  await postgres.query(`INSERT INTO side_input VALUES ${values.join(', ')}`);
  return {
    connector: 'jdbc',
    'table-name': 'side_input',
    ...postgres.options,
    'lookup.cache': 'PARTIAL',
    'lookup.partial-cache.max-rows': '10000',
  };
}

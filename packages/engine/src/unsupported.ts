/* Statements of Flink's that do nothing here, each with what does it instead. */

import { UserError } from '#base';
import type { UnsupportedStatement } from '#sql';

/** By how the statement begins. */
const instead: readonly (readonly [name: string, reason: string, hint: string])[] = [
  [
    'CREATE MATERIALIZED TABLE',
    'a materialized table is kept fresh by a scheduler, which is not here',
    'CREATE TABLE name AS SELECT … keeps the result of a query, and its job keeps it fresh; CREATE OR REPLACE TABLE … AS makes it anew.',
  ],
  [
    'ALTER MATERIALIZED TABLE',
    'there are no materialized tables',
    'CREATE OR REPLACE TABLE … AS SELECT … makes a table anew.',
  ],
  [
    'DROP MATERIALIZED TABLE',
    'there are no materialized tables',
    'DROP TABLE drops a table of CREATE TABLE … AS.',
  ],
  [
    'ADD JAR',
    'there is no Java virtual machine here, so nothing could run what is in it',
    '--target flink hands the file to a Flink cluster, where ADD JAR runs.',
  ],
  ['REMOVE JAR', 'there are no jars here', 'Leave it out.'],
  [
    'CREATE FUNCTION … USING JAR',
    'there is no Java virtual machine here, so nothing could run it',
    "CREATE FUNCTION f AS 'file.ts#f' LANGUAGE TYPESCRIPT names one that runs here; --target flink runs the file on a cluster.",
  ],
  [
    'ANALYZE TABLE',
    'plans do not rest on statistics of tables, so there is nothing to be found out',
    'Leave it out.',
  ],
  ['LOAD MODULE', "all functions are in the module 'core'", 'Leave it out.'],
  ['UNLOAD MODULE', "all functions are in the module 'core'", 'Leave it out.'],
  ['USE MODULES', "all functions are in the module 'core'", 'Leave it out.'],
  [
    'DELETE',
    'rows of a table change by what jobs write',
    'TRUNCATE TABLE empties a table of CREATE TABLE … AS; INSERT OVERWRITE puts other rows in.',
  ],
  [
    'UPDATE',
    'rows of a table change by what jobs write',
    'INSERT INTO a table with a PRIMARY KEY puts a row in the place of the one there is.',
  ],
];

export function unsupported({ name, span }: UnsupportedStatement): UserError {
  const found = instead.find(([begin]) => name === begin);
  if (found === undefined)
    return new UserError('SQL9001', { at: span, message: `${name} is not supported yet` });
  const [, reason, hint] = found;
  return new UserError('SQL9001', { at: span, message: `${name} is not supported: ${reason}`, hint });
}

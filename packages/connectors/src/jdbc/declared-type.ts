/* The type that a column of PostgreSQL has in a CREATE TABLE, as Flink's catalog maps it. What Flink has no type for is read and
 * written as text here, where Flink refuses the table. */

const plain: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  smallint: 'SMALLINT',
  integer: 'INT',
  bigint: 'BIGINT',
  real: 'FLOAT',
  'double precision': 'DOUBLE',
  numeric: 'DECIMAL(38, 18)',
  bytea: 'BYTES',
  text: 'STRING',
  'character varying': 'STRING',
  character: 'CHAR(1)',
  date: 'DATE',
};

/** `type` as PostgreSQL writes it: `numeric(10,2)`, `timestamp(3) without time zone`, `integer[]`. */
export function declaredType(type: string): string {
  if (type.endsWith('[]')) return `ARRAY<${declaredType(type.slice(0, -2))}>`;
  const known = plain[type];
  if (known !== undefined) return known;
  const numeric = /^numeric\((\d+),(-?\d+)\)$/.exec(type);
  if (numeric !== null) return decimal(Number(numeric[1]), Number(numeric[2]));
  const text = /^(character varying|character)\((\d+)\)$/.exec(type);
  if (text !== null) return `${text[1] === 'character' ? 'CHAR' : 'VARCHAR'}(${text[2]})`;
  const time = /^(time|timestamp)(?:\((\d)\))? (with|without) time zone$/.exec(type);
  if (time === null) return 'STRING';
  const precision = time[2] ?? '6';
  if (time[1] === 'time') return time[3] === 'with' ? 'STRING' : `TIME(${precision})`;
  return `${time[3] === 'with' ? 'TIMESTAMP_LTZ' : 'TIMESTAMP'}(${precision})`;
}

/** Flink's DECIMAL has 38 digits, and none in front of its first one. */
const decimal = (precision: number, scale: number): string =>
  precision > 38 || scale < 0 || scale > precision ? 'STRING' : `DECIMAL(${precision}, ${scale})`;

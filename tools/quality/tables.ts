/* Random tables for the comparison with the judge: few different values, so that duplicates, ties and empty results are
 * common; NULL in each column or in none. */

import type { Rng } from '#base';

export type ColumnKind = 'integer' | 'float' | 'decimal' | 'text' | 'date' | 'timestamp' | 'boolean';

export interface RandomColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly sqlType: string;
  /** Share of NULL. */
  readonly nulls: number;
  /** SQL literals, of which 'NULL' may be one. */
  readonly literals: readonly string[];
}
export interface RandomTable {
  readonly rows: number;
  readonly columns: readonly RandomColumn[];
}

export const words = [
  'a',
  'b',
  'bb',
  'abc',
  'Abc',
  '',
  ' x',
  'x ',
  '2024-01-05',
  '17',
  'naïve',
  '日本',
  '{"k":1}',
  'a%b',
  '01/02/2023',
  'a.b',
];
const literal: Readonly<Record<ColumnKind, (rng: Rng) => string>> = {
  integer: (rng) => String(rng.between(-3, 9)),
  float: (rng) => rng.pick(['-2.5', '0', '0.1', '0.25', '1', '1.5', '3.75', '10', '1e-5', '2.5e6']),
  decimal: (rng) => rng.pick(['-1.50', '0.00', '0.10', '1.25', '2.00', '99.99']),
  text: (rng) => `'${rng.pick(words)}'`,
  date: (rng) => `DATE '2024-01-0${rng.between(1, 9)}'`,
  timestamp: (rng) =>
    `TIMESTAMP '2024-01-0${rng.between(1, 5)} 1${rng.below(3)}:00:00${rng.pick(['', '.5', '.000001'])}'`,
  boolean: (rng) => rng.pick(['TRUE', 'FALSE']),
};
const sqlTypes: Readonly<Record<ColumnKind, (rng: Rng) => string>> = {
  integer: (rng) => rng.pick(['INTEGER', 'BIGINT', 'SMALLINT']),
  float: () => 'DOUBLE PRECISION',
  decimal: () => 'DECIMAL(10, 2)',
  text: () => 'VARCHAR',
  date: () => 'DATE',
  timestamp: () => 'TIMESTAMP',
  boolean: () => 'BOOLEAN',
};
const kinds: readonly ColumnKind[] = [
  'integer',
  'integer',
  'float',
  'float',
  'decimal',
  'text',
  'text',
  'date',
  'timestamp',
  'boolean',
];

export function randomTable(rng: Rng): RandomTable {
  const rows = rng.pick([0, 1, 2, 5, 12, 12, 30, 30, 60]);
  const columns = kinds.map((kind, i): RandomColumn => {
    const nulls = rng.pick([0, 0, 0.2, 0.5, kind === 'text' ? 0.2 : 1]);
    // A column of few values has ties; one of many has none.
    const pool = Array.from({ length: rng.pick([1, 3, 20]) }, () => literal[kind](rng));
    const literals = Array.from({ length: rows }, () => (rng.double() < nulls ? 'NULL' : rng.pick(pool)));
    // A name that a query might use itself.
    return { name: i === 1 ? 'n' : `${kind[0]}${i}`, kind, sqlType: sqlTypes[kind](rng), nulls, literals };
  });
  return { rows, columns };
}

/** SQL that makes it, for a database that has the types. */
export function createSql(name: string, { rows, columns }: RandomTable): string[] {
  const types = columns.map((c) => `${c.name} ${c.sqlType}`).join(', ');
  const tuples = Array.from(
    { length: rows },
    (_, row) => `(${columns.map((c) => c.literals[row]).join(', ')})`,
  );
  return [
    `CREATE TABLE ${name} (${types})`,
    ...(rows > 0 ? [`INSERT INTO ${name} VALUES ${tuples.join(', ')}`] : []),
  ];
}

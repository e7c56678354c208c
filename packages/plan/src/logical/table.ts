/* A table or view as the session knows it, bound: types resolved, expressions typed. */

import type { ConnectorTable, ObjectPath, RawOption } from '#catalog';
import type { LogicalType } from '#data';
import type { Expr } from '#expr';
import type { CreateTable, Hint, Query } from '#sql';
import type { TableChecks } from './table-checks.ts';

export type BoundColumn =
  | {
      readonly kind: 'physical';
      readonly name: string;
      readonly type: LogicalType;
      readonly comment: string | undefined;
    }
  | {
      readonly kind: 'metadata';
      readonly name: string;
      readonly type: LogicalType;
      readonly key: string;
      readonly virtual: boolean;
      readonly comment: string | undefined;
    }
  /** `expr` reads the physical and metadata columns: column i of it is column i of the table. */
  | {
      readonly kind: 'computed';
      readonly name: string;
      readonly type: LogicalType;
      readonly expr: Expr;
      readonly time: 'proctime' | undefined;
      readonly comment: string | undefined;
    };

export interface BoundWatermark {
  /** The rowtime column. */
  readonly column: number;
  /** Over the table's columns; 'source': SOURCE_WATERMARK(). */
  readonly expr: Expr | 'source';
  /** As text, for DESCRIBE. */
  readonly text: string;
}

/** The columns of a partition, as they were written, each with its value as text. */
export type TablePartitionValues = readonly (readonly [column: string, value: string])[];

export interface BoundTable {
  readonly kind: 'table';
  readonly path: ObjectPath;
  readonly connector: string;
  readonly columns: readonly BoundColumn[];
  readonly watermark: BoundWatermark | undefined;
  /** Column indexes of the primary key. */
  readonly primaryKey: readonly number[];
  readonly partitionedBy: readonly string[];
  /** Those that the catalog was told of. */
  readonly partitions?: readonly TablePartitionValues[];
  readonly options: readonly RawOption[];
  readonly temporary: boolean;
  readonly comment: string | undefined;
  /** What is expected of its rows, once it was read: `millrace.suite`. */
  readonly checks?: TableChecks | undefined;
  /** Only what is said of the age of its rows is read: `X$freshness`. */
  readonly freshnessOnly?: TableChecks;
  /** INSERT OVERWRITE writes into it. */
  readonly overwrite?: boolean;
  /** What LIKE and SHOW CREATE TABLE start from. */
  readonly ast: CreateTable;
}

export interface BoundView {
  readonly kind: 'view';
  readonly path: ObjectPath;
  readonly columns: readonly string[];
  readonly query: Query;
  readonly temporary: boolean;
  readonly comment: string | undefined;
  /** The text of its query, for SHOW CREATE VIEW. */
  readonly text: string;
  /** Where unqualified names of its query are looked up. */
  readonly home: { readonly catalog: string; readonly database: string };
}

/** The table with the OPTIONS('k' = 'v') of its hints over its own options. */
export function withOptionHints(table: BoundTable, hints: readonly Hint[]): BoundTable {
  const pairs = hints
    .filter((h) => h.name.toUpperCase() === 'OPTIONS')
    .flatMap((h) => h.pairs.map((p) => ({ key: p.key, value: p.value ?? '', at: h.span })));
  if (pairs.length === 0) return table;
  const keys = new Set(pairs.map((p) => p.key));
  return { ...table, options: [...table.options.filter((o) => !keys.has(o.key)), ...pairs] };
}

/** Options of any table that is scanned, which the planner reads and no connector sees. */
export const watermarkPrefix = 'scan.watermark.';
/** Options of any table, of what becomes of its bad and late rows: as above. What begins like one of them is one, or
 *  meant to be. */
export const isBadRowsKey = (key: string): boolean => /^millrace\.(on|late|dead|max)-/.test(key);
/** Options of any table that is read, of what is expected of its rows: as above. */
export const isSuiteKey = (key: string): boolean => /^millrace\.(suite|contract)/.test(key);
const isPlanners = ({ key }: RawOption): boolean =>
  key === 'connector' || key.startsWith(watermarkPrefix) || isBadRowsKey(key) || isSuiteKey(key);

/** What a connector is told of the table. */
export function connectorTable(table: BoundTable): ConnectorTable {
  return {
    path: table.path,
    physical: table.columns.filter((c) => c.kind === 'physical').map(({ name, type }) => ({ name, type })),
    primaryKey: table.primaryKey.map((i) => table.columns[i]!.name),
    partitionedBy: table.partitionedBy,
    options: table.options.filter((o) => !isPlanners(o)),
    ...(table.overwrite === true ? { overwrite: true } : {}),
  };
}

/* What differs between the systems that evaluate checks. All else is SQL that all know. */

import type { Cell } from '../cell.ts';
import type { Family } from '../table/column.ts';

export interface Dialect {
  readonly name: 'duckdb' | 'postgres' | 'millrace';
  quote(name: string): string;
  /** A value that a column of this family can be compared to; undefined when it never equals one of it. */
  literal(value: Cell, family: Family): string | undefined;
  /** The value as text, in the form that results show. */
  text(sql: string): string;
  double(sql: string): string;
  /** Characters of a text. */
  length(text: string): string;
  regex(text: string, pattern: string): string;
  like(text: string, pattern: string, escape: string | undefined): string;
  /** Text that Python's strptime reads by this format. */
  strftime(text: string, format: string): string;
  /** Text that reads as a date or time without a format. */
  dateText(text: string): string;
  json(text: string): string;
  jsonSchema(text: string, schema: object | boolean): string;
  /** Aggregates over numbers; the value at a share of all, interpolated or one that is there. */
  quantile(sql: string, share: number, interpolated: boolean): string;
  /** Values at shares of all, roughly: in memory that is bounded where the system can. One text each; they are computed once. */
  quantiles(sql: string, shares: readonly number[]): string[];
  /** Place of a row among its relation, for relations that have no number: SQL of ORDER BY inside OVER. */
  readonly nameOfInteger: string;
}

export const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

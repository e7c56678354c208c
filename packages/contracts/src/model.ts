/* A contract: who promises which data to whom, in one form whatever it was written in. */

import type { Cell, ExpectationConfig } from '#quality';

export const logicalTypes = [
  'string',
  'integer',
  'number',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'time',
  'binary',
  'object',
  'array',
  'map',
] as const;
export type LogicalType = (typeof logicalTypes)[number];

export interface ContractField {
  readonly name: string;
  readonly type: LogicalType | undefined;
  /** As a database names it: VARCHAR(20). */
  readonly physicalType?: string | undefined;
  readonly description?: string | undefined;
  readonly required: boolean;
  readonly unique: boolean;
  /** From 1 among the columns of the primary key. */
  readonly keyPosition?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly enum?: readonly Cell[] | undefined;
  readonly minimum?: number | string | undefined;
  readonly maximum?: number | string | undefined;
  readonly exclusiveMinimum?: number | string | undefined;
  readonly exclusiveMaximum?: number | string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly classification?: string | undefined;
  readonly examples?: readonly Cell[] | undefined;
  /** Of an object. */
  readonly fields?: readonly ContractField[] | undefined;
  /** Of an array. */
  readonly items?: ContractField | undefined;
  /** Expectations of its quality rules. */
  readonly quality: readonly ExpectationConfig[];
}
export interface ContractTable {
  readonly name: string;
  /** What it is called where it lies. */
  readonly physicalName?: string | undefined;
  readonly description?: string | undefined;
  readonly fields: readonly ContractField[];
  readonly quality: readonly ExpectationConfig[];
}
export interface Sla {
  /** How old the newest row may be; of which column, where one is named. */
  readonly freshnessMs?: number | undefined;
  readonly freshnessColumn?: string | undefined;
  /** Share of values of each column that are there. */
  readonly completeness?: number | undefined;
  /** Share of rows that may be there twice. */
  readonly duplicateTolerance?: number | undefined;
}
export interface Consumer {
  readonly name: string;
  readonly contact?: string | undefined;
  /** Columns that it reads; undefined: all. */
  readonly columns?: readonly string[] | undefined;
}
export interface Contract {
  readonly form: 'short' | 'odcs';
  readonly name: string;
  readonly version: string;
  readonly status?: string | undefined;
  readonly owner?: string | undefined;
  readonly description?: string | undefined;
  readonly tables: readonly ContractTable[];
  readonly sla: Sla;
  readonly consumers: readonly Consumer[];
  /** Of a Schema Registry: its values have the contract's schema. */
  readonly subject?: string | undefined;
  /** What it says that is not measured, each with the reason. */
  readonly notMeasured: readonly string[];
}

/** Columns of the primary key, in its order. */
export const keyOf = ({ fields }: ContractTable): string[] =>
  fields
    .filter((f) => f.keyPosition !== undefined)
    .sort((a, b) => a.keyPosition! - b.keyPosition!)
    .map((f) => f.name);

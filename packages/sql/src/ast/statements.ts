/* Statements of Flink SQL as a closed union on `kind`. */

import type { Span } from '#base';
import type { Expression } from './expressions.ts';
import type { DataType, Identifier } from './names.ts';
import type { Hint, Query } from './queries.ts';

interface Node {
  readonly span: Span;
}
export type ObjectName = readonly Identifier[];
/** 'key' = 'value', in written order. */
export interface OptionEntry {
  readonly key: string;
  readonly value: string;
  readonly span: Span;
}

export type Statement =
  | SelectStatement
  | InsertStatement
  | StatementSet
  | CreateTable
  | CreateTableAs
  | CreateView
  | CreateFunction
  | CreateModel
  | CreateCatalog
  | CreateDatabase
  | DropStatement
  | AlterTable
  | AlterView
  | AlterDatabase
  | AlterCatalog
  | AlterFunction
  | AlterModel
  | TruncateTable
  | ShowStatement
  | DescribeStatement
  | UseStatement
  | SetStatement
  | ResetStatement
  | ExplainStatement
  | StopJobStatement
  | UnsupportedStatement;

export interface SelectStatement extends Node {
  readonly kind: 'select-statement';
  readonly query: Query;
}
export interface InsertStatement extends Node {
  readonly kind: 'insert';
  readonly overwrite: boolean;
  readonly target: ObjectName;
  readonly hints: readonly Hint[];
  /** PARTITION (dt = '2024-01-01'). */
  readonly partition: readonly PartitionItem[];
  /** INSERT INTO t (a, b): empty when not written. */
  readonly columns: readonly Identifier[];
  readonly query: Query;
  /** ON CONFLICT DO …: what becomes of rows of several keys of the query that meet in one key of the table. */
  readonly onConflict: 'NOTHING' | 'ERROR' | 'DEDUPLICATE' | undefined;
}
/** EXECUTE STATEMENT SET BEGIN …; END. Also BEGIN STATEMENT SET; …; END. */
export interface StatementSet extends Node {
  readonly kind: 'statement-set';
  readonly inserts: readonly InsertStatement[];
}

export type ColumnDefinition = PhysicalColumn | ComputedColumn | MetadataColumn;
interface ColumnBase extends Node {
  readonly name: Identifier;
  readonly comment: string | undefined;
}
export interface PhysicalColumn extends ColumnBase {
  readonly kind: 'physical';
  readonly type: DataType;
  /** PRIMARY KEY NOT ENFORCED written behind the column. */
  readonly primaryKey: boolean;
}
export interface ComputedColumn extends ColumnBase {
  readonly kind: 'computed';
  readonly expression: Expression;
}
export interface MetadataColumn extends ColumnBase {
  readonly kind: 'metadata';
  readonly type: DataType;
  readonly from: string | undefined;
  readonly virtual: boolean;
}
export interface WatermarkDefinition extends Node {
  /** A column, or a path into a ROW. */
  readonly column: ObjectName;
  readonly expression: Expression;
}
export interface PrimaryKey extends Node {
  readonly name: Identifier | undefined;
  readonly columns: readonly Identifier[];
  readonly enforced: boolean; // NOT ENFORCED is the only one Flink takes
}
export interface LikeClause extends Node {
  readonly table: ObjectName;
  readonly options: readonly {
    readonly action: 'INCLUDING' | 'EXCLUDING' | 'OVERWRITING';
    readonly what:
      | 'ALL'
      | 'CONSTRAINTS'
      | 'DISTRIBUTION'
      | 'GENERATED'
      | 'METADATA'
      | 'OPTIONS'
      | 'PARTITIONS'
      | 'WATERMARKS';
  }[];
}
export interface TableElements {
  readonly columns: readonly ColumnDefinition[];
  readonly watermark: WatermarkDefinition | undefined;
  readonly primaryKey: PrimaryKey | undefined;
}
export interface CreateTable extends Node, TableElements {
  readonly kind: 'create-table';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly comment: string | undefined;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly OptionEntry[];
  readonly like: LikeClause | undefined;
}
export interface CreateTableAs extends Node, TableElements {
  readonly kind: 'create-table-as';
  /** CREATE, CREATE OR REPLACE, REPLACE. */
  readonly mode: 'create' | 'create-or-replace' | 'replace';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly comment: string | undefined;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly OptionEntry[];
  /** (b, a): the columns of the query in another order; empty when not written. */
  readonly order: readonly Identifier[];
  readonly query: Query;
}
export interface CreateView extends Node {
  readonly kind: 'create-view';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly orReplace: boolean;
  readonly name: ObjectName;
  readonly columns: readonly Identifier[];
  readonly comment: string | undefined;
  readonly query: Query;
}
export interface CreateFunction extends Node {
  readonly kind: 'create-function';
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly className: string;
  readonly language: string | undefined;
}
/** A column of a model: what it is given, or what it answers. */
export interface ModelColumn extends Node {
  readonly name: Identifier;
  readonly type: DataType;
  readonly comment: string | undefined;
}
export interface CreateModel extends Node {
  readonly kind: 'create-model';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  /** Both, or neither. */
  readonly input: readonly ModelColumn[];
  readonly output: readonly ModelColumn[];
  readonly comment: string | undefined;
  readonly options: readonly OptionEntry[];
}
export interface CreateCatalog extends Node {
  readonly kind: 'create-catalog';
  readonly ifNotExists: boolean;
  readonly name: Identifier;
  readonly comment: string | undefined;
  readonly options: readonly OptionEntry[];
}
export interface CreateDatabase extends Node {
  readonly kind: 'create-database';
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly comment: string | undefined;
  readonly options: readonly OptionEntry[];
}
export interface DropStatement extends Node {
  readonly kind: 'drop';
  readonly what: 'TABLE' | 'VIEW' | 'FUNCTION' | 'MODEL' | 'CATALOG' | 'DATABASE';
  readonly temporary: boolean;
  /** TEMPORARY SYSTEM FUNCTION. */
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly name: ObjectName;
  readonly behavior: 'RESTRICT' | 'CASCADE' | undefined;
}
export interface AlterTable extends Node {
  readonly kind: 'alter-table';
  readonly ifExists: boolean;
  readonly name: ObjectName;
  readonly action:
    | { readonly kind: 'set'; readonly options: readonly OptionEntry[] }
    | { readonly kind: 'reset'; readonly keys: readonly string[] }
    | { readonly kind: 'rename'; readonly to: ObjectName }
    | { readonly kind: 'rename-column'; readonly from: Identifier; readonly to: Identifier }
    /** ADD and MODIFY of columns, of the key, of the watermark. */
    | {
        readonly kind: 'add' | 'modify';
        readonly columns: readonly PlacedColumn[];
        readonly watermark: WatermarkDefinition | undefined;
        readonly primaryKey: PrimaryKey | undefined;
      }
    | { readonly kind: 'drop-columns'; readonly columns: readonly Identifier[] }
    | { readonly kind: 'drop-primary-key' }
    | { readonly kind: 'drop-constraint'; readonly name: Identifier }
    | { readonly kind: 'drop-watermark' }
    /** Those that the catalog is told of. `unlessThere`: IF NOT EXISTS, IF EXISTS. */
    | {
        readonly kind: 'add-partitions' | 'drop-partitions';
        readonly unlessThere: boolean;
        readonly partitions: readonly TablePartition[];
      }
    /** Distributions: kept as text for the error that names it. */
    | { readonly kind: 'other'; readonly text: string };
}
/** PARTITION (column = value, …) [WITH (…)]. */
export interface TablePartition extends Node {
  readonly items: readonly PartitionItem[];
  readonly options: readonly OptionEntry[];
}
export interface PartitionItem {
  readonly column: Identifier;
  readonly value: Expression;
}
/** Where a column of ALTER TABLE stands: behind all others, or where it was, unless it says. */
export interface PlacedColumn {
  readonly column: ColumnDefinition;
  readonly position: 'FIRST' | { readonly after: Identifier } | undefined;
}
export interface AlterView extends Node {
  readonly kind: 'alter-view';
  readonly name: ObjectName;
  readonly action:
    | { readonly kind: 'rename'; readonly to: ObjectName }
    | { readonly kind: 'as'; readonly query: Query };
}
export interface AlterDatabase extends Node {
  readonly kind: 'alter-database';
  readonly name: ObjectName;
  readonly options: readonly OptionEntry[];
}
export interface AlterCatalog extends Node {
  readonly kind: 'alter-catalog';
  readonly name: Identifier;
  readonly action:
    | { readonly kind: 'set'; readonly options: readonly OptionEntry[] }
    | { readonly kind: 'reset'; readonly keys: readonly string[] }
    | { readonly kind: 'comment'; readonly comment: string };
}
export interface AlterFunction extends Node {
  readonly kind: 'alter-function';
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly name: ObjectName;
  readonly className: string;
  readonly language: string | undefined;
}
export interface AlterModel extends Node {
  readonly kind: 'alter-model';
  readonly ifExists: boolean;
  readonly name: ObjectName;
  readonly action:
    | { readonly kind: 'set'; readonly options: readonly OptionEntry[] }
    | { readonly kind: 'reset'; readonly keys: readonly string[] }
    | { readonly kind: 'rename'; readonly to: ObjectName };
}
export interface TruncateTable extends Node {
  readonly kind: 'truncate-table';
  readonly name: ObjectName;
}
export interface ShowStatement extends Node {
  readonly kind: 'show';
  readonly what:
    | 'TABLES'
    | 'VIEWS'
    | 'DATABASES'
    | 'CATALOGS'
    | 'FUNCTIONS'
    | 'USER FUNCTIONS'
    | 'COLUMNS'
    | 'JOBS'
    | 'MODULES'
    | 'FULL MODULES'
    | 'CREATE TABLE'
    | 'CREATE VIEW'
    | 'CREATE MODEL'
    | 'CREATE CATALOG'
    | 'CURRENT CATALOG'
    | 'CURRENT DATABASE'
    | 'PARTITIONS'
    | 'JARS'
    | 'PROCEDURES'
    | 'MODELS'
    | 'MATERIALIZED TABLES';
  readonly name: ObjectName;
  /** SHOW PARTITIONS t PARTITION (…). */
  readonly partition?: readonly PartitionItem[];
  readonly like:
    | { readonly pattern: string; readonly negated: boolean; readonly ignoreCase: boolean }
    | undefined;
}
export interface DescribeStatement extends Node {
  readonly kind: 'describe';
  readonly what: 'TABLE' | 'DATABASE' | 'CATALOG' | 'FUNCTION' | 'MODEL';
  readonly extended: boolean;
  readonly name: ObjectName;
}
export interface UseStatement extends Node {
  readonly kind: 'use';
  readonly what: 'CATALOG' | 'DATABASE';
  readonly name: ObjectName;
}
/** SET 'k' = 'v'; SET alone lists. */
export interface SetStatement extends Node {
  readonly kind: 'set';
  readonly key: string | undefined;
  readonly value: string | undefined;
}
export interface ResetStatement extends Node {
  readonly kind: 'reset';
  readonly key: string | undefined;
}
/** STOP JOB 'name' [WITH SAVEPOINT] [WITH DRAIN]. */
export interface StopJobStatement extends Node {
  readonly kind: 'stop-job';
  readonly job: string;
  readonly savepoint: boolean;
  readonly drain: boolean;
}
export interface ExplainStatement extends Node {
  readonly kind: 'explain';
  readonly details: readonly (
    | 'ESTIMATED_COST'
    | 'CHANGELOG_MODE'
    | 'JSON_EXECUTION_PLAN'
    | 'PLAN_ADVICE'
    | 'AST'
    | 'CODEGEN'
  )[];
  readonly statement: SelectStatement | InsertStatement | StatementSet | CreateTableAs;
}
/** A statement of Flink's that is recognised and refused by name later: ANALYZE, LOAD MODULE, ADD JAR, CALL, DELETE, UPDATE, … */
export interface UnsupportedStatement extends Node {
  readonly kind: 'unsupported';
  readonly name: string;
  readonly text: string;
}

/* What planner, engine and connectors agree on. A descriptor is small and synchronous: enough to plan with.
 * The implementation behind it is loaded by import() when a job starts. */

import type { World } from '#base';
import type { Field, LogicalType } from '#data';
import type { ChangelogMode } from './changelog.ts';
import type { KeeperOn } from './keeper.ts';
import type { OptionSchema } from './options.ts';
import type { ConnectorTable } from './table.ts';

/** How often a row is in the target after failures: `sink.delivery-guarantee`. */
export type Guarantee = 'exactly-once' | 'at-least-once' | 'none';

/** A readable or writable metadata column: its key and natural type. */
export interface MetadataField {
  readonly key: string;
  readonly type: LogicalType;
  readonly writable: boolean;
  readonly readable: boolean;
}

export interface SourceTraits {
  readonly changelog: ChangelogMode;
  readonly bounded: boolean;
  /** Emits its own watermarks: SOURCE_WATERMARK(). */
  readonly ownWatermarks: boolean;
  /** Physical columns by which it filters its rows itself: conditions on these alone go to it, and no longer run above. */
  readonly filterColumns?: readonly string[];
  /** It stops in front of a record with a field that the table has no column for, and asks for one: `millrace.schema.evolution`
   *  = 'add-columns'. */
  readonly asksForColumns?: boolean;
}
export interface SinkTraits {
  /** INSERT OVERWRITE puts the rows in place of those there are: the sink gets a table that says so. */
  readonly overwrites?: 'always' | 'in batch mode';
  /** Kinds that the sink takes, given those that the query makes. */
  accepts(query: ChangelogMode): ChangelogMode;
  /** Overrides the table's primary key as what identifies a row, e.g. none for an append-only sink. */
  readonly guarantee: Guarantee;
  /** The target can get further columns between two checkpoints of a job; where it has to be told, its runtime has `addColumns`. */
  readonly takesColumns?: boolean;
}
/** A table to be made: its columns as SQL, and its options. */
export interface TableText {
  readonly columns: string;
  readonly options: Readonly<Record<string, string>>;
}
export interface LookupTraits {
  readonly async: boolean;
}

/** Columns that were found where data or schemas lie, as SQL types, and options that go with them. */
export interface InferredTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly options: Readonly<Record<string, string>>;
}

/** One connector. Registered by the application; the engine never names one. */
export interface ConnectorDescriptor {
  readonly name: string;
  /** All options of the connector; those of its formats are added by `formatOptions`. */
  options(table: ConnectorTable): OptionSchema;
  readonly metadata: readonly MetadataField[] | ((table: ConnectorTable) => readonly MetadataField[]);
  /** Undefined: cannot be read, written, looked up. Each may throw UserError for options that do not fit together. */
  source?(table: ConnectorTable): SourceTraits;
  sink?(table: ConnectorTable): SinkTraits;
  lookup?(table: ConnectorTable): LookupTraits;
  /** What throws UserError for a physical column of the table that it cannot read, or write, by its type. Connects to nothing. */
  fieldCheck?(table: ConnectorTable, use: 'read' | 'write'): (field: Field) => void;
  /** The columns of a table that declares none, which has options alone; undefined where it has to declare them. Connects.
   *  Throws UserError for what has no columns. */
  infer?(table: ConnectorTable, world: World): Promise<InferredTable | undefined>;
  /** What can be found without connecting and is no error: a setting without effect. For `check`; a job that starts says it
   *  itself. */
  warnings?(table: ConnectorTable): readonly string[];
  /** It keeps tables by itself, their definitions too: CREATE TABLE … AS without a connector goes to the one that does. What it
   *  reads is what jobs have committed, so a bounded job that writes a table is waited for before the table is read. */
  readonly keeper?: KeeperOn;
  /** Where dead letters of this table go unless the user says where: undefined, or absent, where it has no place beside its
   *  own. `name` is of the job and the table, for what needs one. Throws UserError where it cannot tell. */
  deadLetters?(
    table: ConnectorTable,
    about: { readonly guarantee: Guarantee; readonly name: string },
  ): TableText | undefined;
  /** It writes to a log whose messages are bounded in size. */
  readonly isLog?: boolean;
  /** What it reads or writes belongs to the thread that registered it: values of the program, its standard output. */
  readonly pinned?: boolean;
  /** Loads the code. Its shape is `dataflow`'s ConnectorRuntime; unknown here, for catalog runs nothing. */
  load(): Promise<unknown>;
}

/** The connectors of an application, by name. */
export type ConnectorRegistry = ReadonlyMap<string, ConnectorDescriptor>;

/* What the makers of a query know of a relation while they build upon it. */

export type ColumnType =
  | 'INT'
  | 'BIGINT'
  | 'STRING'
  | 'DOUBLE'
  | 'DECIMAL(10, 2)'
  | 'BOOLEAN'
  | 'TIMESTAMP(3)'
  | 'ARRAY<INT>';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** A time attribute: of the rows, or of the clock. */
  readonly time?: 'rowtime' | 'proctime';
}

export interface Relation {
  /** As it stands in FROM, without an alias: a name, or a query in parentheses. */
  readonly from: string;
  readonly columns: readonly Column[];
  /** Whether rows are taken back. */
  readonly changes: boolean;
  /** Whether its rows come in a fixed order: those of one scan, none of them freed by a watermark. */
  readonly ordered: boolean;
  /** No row is late, whatever is read first. */
  readonly calm: boolean;
  /** Rows, about. */
  readonly rows: number;
  /** Its rows carry the bounds of a window of this description. */
  readonly window?: string | undefined;
  /** The columns of its primary key, where it can be asked for a version. */
  readonly versions?: readonly string[] | undefined;
}

/** A relation as FROM has it under a name of its own. */
export interface Aliased extends Relation {
  readonly alias: string;
}

export const columnOf = (relation: Relation, time: 'rowtime' | 'proctime'): Column | undefined =>
  relation.columns.find((c) => c.time === time);
export const windowColumns: ReadonlySet<string> = new Set(['window_start', 'window_end', 'window_time']);
/** Columns with values that a result may show. */
export const plain = (columns: readonly Column[]): Column[] => columns.filter((c) => c.time !== 'proctime');
/** Columns that can be compared, grouped and ordered by. */
export const keys = (columns: readonly Column[]): Column[] =>
  plain(columns).filter((c) => c.type !== 'ARRAY<INT>');

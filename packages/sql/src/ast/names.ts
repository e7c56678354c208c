/* Identifiers and type names as written. */

import type { Span } from '#base';

/** `text` is the name meant, without backticks; `quoted` says whether it had them. */
export interface Identifier {
  readonly text: string;
  readonly quoted: boolean;
  /** A path in single quotes where a table stands: FROM 'data/*.csv'. */
  readonly file?: true;
  readonly span: Span;
}

/** A type as written; the catalog turns it into a LogicalType. `nullable` is false after NOT NULL, else undefined. */
export interface DataType {
  /** Canonical upper case: BOOLEAN, TINYINT, …, INT (INTEGER), DECIMAL (DEC, NUMERIC), DOUBLE (DOUBLE PRECISION), STRING,
   *  VARCHAR, CHAR, BYTES, VARBINARY, BINARY, DATE, TIME, TIMESTAMP (also WITHOUT TIME ZONE), TIMESTAMP_LTZ
   *  (WITH LOCAL TIME ZONE), TIMESTAMP_TZ (WITH TIME ZONE), ARRAY, MAP, MULTISET, ROW, STRUCTURED, INTERVAL, RAW, NULL, VARIANT,
   *  BITMAP,   *  or a user-defined type's path joined by dots. */
  readonly name: string;
  /** DECIMAL(10, 2): [10, 2]; VARCHAR(5): [5]. */
  readonly parameters: readonly number[];
  /** ARRAY<T>, T ARRAY, MAP<K, V>, MULTISET<T>. */
  readonly elements: readonly DataType[];
  readonly fields: readonly {
    readonly name: Identifier;
    readonly type: DataType;
    readonly comment: string | undefined;
  }[];
  /** STRUCTURED<'com.example.User', …>: the class. */
  readonly className?: string;
  /** INTERVAL DAY(3) TO SECOND(6): precision 3, fraction 6. */
  readonly interval:
    | {
        readonly from: string;
        readonly to: string | undefined;
        readonly precision: number | undefined;
        readonly fraction: number | undefined;
      }
    | undefined;
  readonly nullable: boolean | undefined;
  readonly span: Span;
}

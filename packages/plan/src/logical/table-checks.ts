/* What is expected of a table's rows, by a suite or a contract: plain data, in SQL over the table's columns. Whoever reads the
 * files makes it (`LoadChecks`); the planner does no I/O. */

import type { CheckAction } from '#job';
import type { LogicalType } from '#data';

export interface RowCheck {
  /** expect_column_values_to_not_be_null */
  readonly expectation: string;
  /** What it looks at: a column, or several. */
  readonly subject: string;
  /** In words: `values to be between, min_value 0`. */
  readonly text: string;
  /** SQL: TRUE for a row that is unexpected. */
  readonly unexpected: string;
  readonly action: CheckAction;
  /** critical, warning or info. */
  readonly severity: string;
}

/** How old the newest value of a column may be, by the clock. */
export interface FreshnessCheck {
  readonly expectation: string;
  readonly subject: string;
  readonly text: string;
  readonly severity: string;
  /** SQL: a date or timestamp of the row, NULL where the row does not count. */
  readonly newest: string;
  readonly delayMaxMs: number;
  /** The bound itself is too old. */
  readonly strict: boolean;
}

export interface TableChecks {
  readonly rows: readonly RowCheck[];
  /** Read as `X$freshness`: a row when one begins to fail, when it holds again, and at the end of the input. */
  readonly freshness: readonly FreshnessCheck[];
  /** Windows of the clock, which results of freshness stand in. */
  readonly windowMs: number;
  /** The query of `X$quality`, over `X$rows` and `X$freshness`; or why there is none. */
  readonly quality: { readonly query: string } | { readonly missing: string };
}

/** What a table asks for by its options. */
export interface AskedChecks {
  readonly table: string;
  /** Files, as the options name them. */
  readonly suite: string | undefined;
  readonly contract: string | undefined;
  readonly columns: readonly {
    readonly name: string;
    readonly type: LogicalType;
    readonly typeText: string;
  }[];
  readonly rowtime: string | undefined;
  /** Of expectations that name none. */
  readonly onFailure: CheckAction;
  readonly windowMs: number;
}
/** Throws UserError for a file that cannot be read, or an expectation that streams do not have. */
export type LoadChecks = (asked: AskedChecks, nowMs: number) => Promise<TableChecks>;

/** Relations beside a table that has checks: `orders$quality` is their results, `orders$rows` all rows as they come,
 *  `orders$freshness` what is said of their age. */
export const besideTable = /^(.+)\$(quality|rows|freshness)$/;

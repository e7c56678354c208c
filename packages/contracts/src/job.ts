/* A contract against a table that a job reads or writes as it runs: what its declaration says, and what the job counts.
 *
 *   columns ─▶ there, of the type that was promised          counts of the table's own checks ─▶ rows that are not as promised
 *   the key that it writes by ─▶ no duplicates               newest row, or its watermark ─▶ freshness
 *
 * What a job does not know is named, not guessed. */

import {
  isOfAnyType,
  millraceFamily,
  streamCheckText,
  subjectOf,
  validationResult,
  type ExpectationConfig,
  type ExpectationResult,
  type TableColumn,
  type ValidationResult,
} from '#quality';
import { suiteOf } from './expectations.ts';
import { keyOf, type Contract, type ContractTable } from './model.ts';

/** A table of a job, as whoever runs it tells of it. */
export interface JobTable {
  readonly job: string;
  readonly name: string;
  readonly role: 'reads' | 'writes';
  /** Types as Flink SQL names them. */
  readonly columns: readonly { readonly name: string; readonly typeText: string }[];
  readonly rows: number;
  /** It is written by this key: a row replaces the one before it. */
  readonly key: readonly string[];
  /** Event time, and how far it is: ms since the epoch. */
  readonly rowtime?: { readonly column: string; readonly watermark: number | null } | undefined;
  readonly checks: readonly JobTableCheck[];
}
export interface JobTableCheck {
  readonly expectation: string;
  readonly column: string;
  /** In words, as `streamCheckText` has them. */
  readonly text: string;
  readonly evaluated: number;
  readonly unexpected: number;
  readonly freshness?: {
    readonly newest: number | null;
    readonly delayMaxMs: number;
    readonly fails: boolean;
  };
}
export interface JobChecked {
  readonly result: ValidationResult;
  readonly notMeasured: readonly string[];
}

type Found =
  | { readonly success: boolean; readonly result: ExpectationResult['result'] }
  | { readonly missing: string };

/** Throws CON1004 for a freshness of no column. */
export function checkJobTable(
  contract: Contract,
  wanted: ContractTable,
  table: JobTable,
  nowMs: number,
): JobChecked {
  const columns = table.columns.map(({ name, typeText }): TableColumn => {
    const type = typeText.replace(/ NOT NULL$/, '');
    return { name, type, family: millraceFamily(type) };
  });
  const suite = suiteOf(contract, wanted, { columns }, undefined);
  const notMeasured: string[] = [];
  const results = suite.expectations.flatMap((config): ExpectationResult[] => {
    const found = measured(config, wanted, table, columns, contract.sla.freshnessMs, nowMs);
    if ('missing' in found) {
      notMeasured.push(`${subjectOf(config) || 'table'}: ${reasonOf(config)}: ${found.missing}`);
      return [];
    }
    return [
      {
        ...found,
        expectation_config: { ...config, severity: config.severity ?? 'critical' },
        exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
        meta: {},
        samples: [],
      },
    ];
  });
  return {
    notMeasured,
    result: validationResult(suite.name, results, {
      table: `${table.name} of job ${table.job}`,
      rows: table.rows,
      columns: columns.length,
      queries: 0,
      run_time: new Date(nowMs).toISOString(),
    }),
  };
}
const reasonOf = ({ type, meta }: ExpectationConfig): string => String(meta?.['reason'] ?? type);

function measured(
  config: ExpectationConfig,
  wanted: ContractTable,
  table: JobTable,
  columns: readonly TableColumn[],
  freshnessMs: number | undefined,
  nowMs: number,
): Found {
  const { type, kwargs } = config;
  const column = columns.find((c) => c.name === kwargs['column']);
  if (type === 'expect_column_to_exist') return { success: column !== undefined, result: {} };
  if (type === 'expect_column_values_to_be_in_type_list' && column !== undefined)
    return {
      success: isOfAnyType(column, kwargs['type_list'] as string[]),
      result: { observed_value: column.type },
    };
  const isAge = type === 'expect_column_max_to_be_between' && typeof kwargs['min_value'] === 'object';
  if (isAge && freshnessMs !== undefined) return ageOf(String(kwargs['column']), table, freshnessMs, nowMs);
  const counted = table.checks.find(
    (c) =>
      c.expectation === type &&
      c.column === (subjectOf(config) || 'table') &&
      c.text === streamCheckText(config),
  );
  if (counted !== undefined) return countOf(counted, (kwargs['mostly'] as number | undefined) ?? 1);
  if (/unique/.test(type)) {
    const key = keyOf(wanted);
    const isKey =
      key.length > 0 && key.length === table.key.length && key.every((k) => table.key.includes(k));
    return isKey
      ? { success: true, result: { observed_value: `written by ${key.join(', ')}` } }
      : { missing: 'a job keeps no keys for this; contract check of its topic or table looks at all rows' };
  }
  return {
    missing: `the table does not count this: it is counted where its rows are read WITH ('millrace.contract' = …)`,
  };
}
function countOf({ evaluated, unexpected }: JobTableCheck, mostly: number): Found {
  const share = evaluated === 0 ? 1 : 1 - unexpected / evaluated;
  return { success: share >= mostly, result: { element_count: evaluated, unexpected_count: unexpected } };
}
/** By what the table's own check saw; else by the watermark, which is behind the newest row by what the table declares. */
function ageOf(column: string, table: JobTable, delayMaxMs: number, nowMs: number): Found {
  const own = table.checks.find((c) => c.freshness !== undefined && c.column === column)?.freshness;
  const time = (ms: number | null): string => (ms === null ? 'no row yet' : new Date(ms).toISOString());
  if (own !== undefined)
    return {
      success: own.newest === null ? !own.fails : nowMs - own.newest <= delayMaxMs,
      result: { observed_value: time(own.newest) },
    };
  if (table.rowtime?.column !== column)
    return { missing: 'the column is no event time of the job, and the table does not watch its age' };
  const { watermark } = table.rowtime;
  if (watermark === null) return { missing: 'there is no watermark yet' };
  return {
    success: nowMs - watermark <= delayMaxMs,
    result: { observed_value: `watermark ${time(watermark)}` },
  };
}

export { compareCells, jsonText, type Cell, type Json } from './cell.ts';
export { openFile, type DuckDBOptions } from './duckdb/table.ts';
export { openPostgresTable, type PostgresOptions } from './postgres/table.ts';
export type { CheckedTable } from './table/checked-table.ts';
export type { TableColumn, Family } from './table/column.ts';
export { readSuite, severities, type ExpectationConfig, type Severity, type Suite } from './suite/suite.ts';
export type { Parameters } from './suite/parameters.ts';
export type { RowTest } from './row-test.ts';
export { expectations } from './expectations/index.ts';
export { isOfAnyType } from './expectations/types.ts';
export {
  ColumnExpectations,
  ExpectationsFailed,
  TableExpectations,
  type BoundOptions,
  type LineOptions,
} from './expect/expect.ts';
export { streamActions, type StreamAction } from './stream/actions.ts';
export {
  isOfStreams,
  streamChecks,
  streamCheckText,
  type StreamCheck,
  type StreamChecks,
  type StreamOptions,
} from './stream/stream-suite.ts';
export type { StreamTable } from './stream/stream-table.ts';
export { millraceFamily } from './dialect/millrace.ts';
export { profileTable, type ColumnProfile, type Profile } from './profile/profile.ts';
export { suggestSuite } from './profile/suggest.ts';
export { checks, checksNamed, suiteOfChecks, type SkippedCheck } from './checks/index.ts';
export type { Check, CheckInput } from './checks/check.ts';
export { timestampColumn } from './checks/freshness.ts';
export { durationText } from './text/duration-text.ts';
export { formatPatterns } from './checks/formats.ts';
export { readSchema, type TableSchema } from './checks/schema.ts';
export { reportText, noPaint, type Paint } from './report/text.ts';
export { reportHtml, type PastRun } from './report/html.ts';
export { reportJunit, xmlText as htmlText } from './report/junit.ts';
export {
  countsOf,
  findingOf,
  placeText,
  readBaseline,
  shortText,
  subjectOf,
  titleOf,
  reportJson,
  type Report,
} from './report/report.ts';
export {
  failed,
  validateTable,
  validationResult,
  type ExpectationResult,
  type ValidateOptions,
  type ValidationResult,
} from './validate.ts';

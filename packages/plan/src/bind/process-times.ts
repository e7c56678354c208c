/* on_time => DESCRIPTOR(…): which column says the time of the rows of each table. */

import type { Span } from '#base';
import { isTimestamp } from '#data';
import type { Identifier } from '#sql';
import type { ProcessArguments } from './process-arguments.ts';
import type { BoundProcessTable } from './process-tables.ts';

/** By table: the column, a time with a watermark or another whose rows are taken at their word; of all tables, or of none. */
export function bindProcessTimes(
  tables: readonly BoundProcessTable[],
  args: ProcessArguments,
  call: Span,
): readonly (number | undefined)[] {
  const named = args.columns('on_time');
  const times = tables.map((table) => timeOf(table, named, args));
  const waiting = tables.find(({ declared }, i) => declared.requiresTime && times[i] === undefined);
  if (waiting !== undefined)
    throw args.wrong(
      call,
      `Table argument '${waiting.declared.name}' requires a time attribute. Please provide one using the implicit \`on_time\` argument. For example: myFunction(..., on_time => DESCRIPTOR(\`my_timestamp\`)`,
    );
  const unknown = named.filter(({ text }) =>
    tables.every(({ input }) => !input.fields.some((f) => f.name === text)),
  );
  if (unknown.length > 0)
    throw args.wrong(
      unknown[0]!.span,
      `Invalid time attribute declaration. Each column in the \`on_time\` argument must reference at least one column in one of the table arguments. Unknown references: [${unknown.map((n) => n.text).join(', ')}]`,
    );
  const missing = tables.filter((_, i) => times[i] === undefined);
  if (named.length > 0 && missing.length > 0)
    throw args.wrong(
      missing[0]!.span,
      `Invalid time attribute declaration. If multiple tables are declared, the \`on_time\` argument must reference a time column for each table argument or none. Missing time attributes for: [${missing.map((t) => t.declared.name).join(', ')}]`,
    );
  const apart = tables.find(
    ({ order }, i) => order.length > 0 && times[i] !== undefined && order[0]!.column !== times[i],
  );
  if (apart !== undefined)
    throw args.wrong(
      apart.span,
      `Invalid ORDER BY clause for table argument '${apart.declared.name}'. When both ORDER BY and the 'on_time' argument are defined, the referenced timestamp columns must match.`,
    );
  requireOneKind(tables, times, named, args);
  return times;
}

/** The column of the table that is among the named ones. */
function timeOf(
  { declared, input }: BoundProcessTable,
  named: readonly Identifier[],
  args: ProcessArguments,
): number | undefined {
  const found = named.flatMap((name) => {
    const column = input.fields.findIndex((f) => f.name === name.text);
    return column < 0 ? [] : [{ name, column }];
  });
  for (const { name, column } of found) {
    const { type, time } = input.fields[column]!;
    if (time === 'rowtime' || (time === undefined && isTimestamp(type) && type.precision <= 3)) continue;
    throw args.wrong(
      name.span,
      `Unsupported data type for time attribute. The \`on_time\` argument must reference a TIMESTAMP or TIMESTAMP_LTZ column (up to precision 3), and "${name.text}" is none`,
    );
  }
  const second = found.find(({ column }) => column !== found[0]!.column);
  if (second !== undefined)
    throw args.wrong(
      second.name.span,
      `Ambiguous time attribute found. The \`on_time\` argument must reference at most one column in a table argument. Currently, the columns in \`on_time\` point to both '${found[0]!.name.text}' and '${second.name.text}' in table argument '${declared.name}'.`,
    );
  return found[0]?.column;
}

function requireOneKind(
  tables: readonly BoundProcessTable[],
  times: readonly (number | undefined)[],
  [first]: readonly Identifier[],
  args: ProcessArguments,
): void {
  const kinds = tables.flatMap(({ input }, i) =>
    times[i] === undefined ? [] : [input.fields[times[i]]!.type.kind],
  );
  if (new Set(kinds).size < 2) return;
  throw args.wrong(
    first!.span,
    `Invalid time attribute declaration. All columns in the \`on_time\` argument must reference the same data type kind. But found: [${kinds.join(', ')}]`,
  );
}

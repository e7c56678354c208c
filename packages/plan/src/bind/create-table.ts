/* CREATE TABLE: columns, watermark, key and options, checked and typed; LIKE merged in. */

import { didYouMean, UserError } from '#base';
import type { RawOption } from '#catalog';
import { notNull, type LogicalType } from '#data';
import type { CallExpr, Expr } from '#expr';
import {
  printExpression,
  type ColumnDefinition,
  type CreateTable,
  type Identifier,
  type LikeClause,
  type OptionEntry,
  type PrimaryKey,
  type WatermarkDefinition,
} from '#sql';
import type { RelField } from '../logical/field.ts';
import { connectorTable, type BoundColumn, type BoundTable, type BoundWatermark } from '../logical/table.ts';
import { bindType } from './data-types.ts';
import { bindExpression, type BindHooks } from './expressions.ts';
import { Scope } from './scope.ts';
import type { Session } from './session.ts';

/** Connectors that a user may name: those of our own begin with $. */
const connectorNames = (session: Session): string[] =>
  [...session.connectors.keys()].filter((name) => !name.startsWith('$'));

/** Throws for anything that the connector or Flink would refuse. Changes nothing. */
export function bindCreateTable(node: CreateTable, session: Session): BoundTable {
  const whole = node.like ? mergeLike(node, node.like, session) : node;
  const options = mergeOptions(whole.options);
  const connector = options.find((o) => o.key === 'connector');
  if (connector === undefined) {
    throw new UserError('CAT1005', {
      at: node.name.at(-1)!.span,
      message: `table "${node.name.at(-1)!.text}" has no 'connector' option`,
      hint: `Add WITH ('connector' = 'kafka', …). There are: ${connectorNames(session).join(', ')}.`,
    });
  }
  const descriptor = session.connectors.get(connector.value);
  if (descriptor === undefined) {
    throw new UserError('CAT1004', {
      at: connector.at,
      message: `there is no connector '${connector.value}'`,
      hint: didYouMean(connector.value, connectorNames(session)),
    });
  }
  const hooks: BindHooks = session.userFunction ? { userFunction: session.userFunction } : {};
  const key = primaryKeyNames(whole.columns, whole.primaryKey);
  const columns = bindColumns(whole.columns, key, hooks);
  const watermark = whole.watermark && bindWatermark(whole.watermark, columns, hooks);
  const table: BoundTable = {
    kind: 'table',
    path: session.path(node.name),
    connector: connector.value,
    columns,
    watermark,
    options,
    primaryKey: key.map((id) => keyColumn(id, columns)),
    partitionedBy: whole.partitionedBy.map((id) => columns[find(columns, id)]!.name),
    temporary: node.temporary,
    comment: whole.comment,
    ast: whole,
  };
  checkMetadata(table, session);
  return table;
}

/** Of an option that is written twice the last counts. */
export function mergeOptions(options: readonly OptionEntry[]): RawOption[] {
  const merged = new Map<string, RawOption>();
  for (const o of options) merged.set(o.key, { key: o.key, value: o.value, at: o.span });
  return [...merged.values()];
}

function primaryKeyNames(
  columns: readonly ColumnDefinition[],
  key: PrimaryKey | undefined,
): readonly Identifier[] {
  if (key?.enforced) {
    throw new UserError('CAT2005', {
      at: key.span,
      message: "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint: it does not own the data",
      hint: 'Write PRIMARY KEY (…) NOT ENFORCED.',
    });
  }
  const inline = columns.filter((c) => c.kind === 'physical' && c.primaryKey).map((c) => c.name);
  if (inline.length > 0 && key !== undefined)
    throw new UserError('CAT2005', { at: key.span, message: 'the table has two primary keys' });
  return key?.columns ?? inline;
}
function keyColumn(id: Identifier, columns: readonly BoundColumn[]): number {
  const index = find(columns, id);
  if (columns[index]!.kind !== 'physical')
    throw new UserError('CAT2005', {
      at: id.span,
      message: `"${id.text}" is not a physical column, so it cannot be in the primary key`,
    });
  return index;
}
function find(columns: readonly { readonly name: string }[], id: Identifier): number {
  const index = columns.findIndex((c) => c.name === id.text);
  if (index < 0)
    throw new UserError('SQL1004', {
      at: id.span,
      message: `no column "${id.text}"`,
      hint: didYouMean(
        id.text,
        columns.map((c) => c.name),
      ),
    });
  return index;
}

function bindColumns(
  definitions: readonly ColumnDefinition[],
  key: readonly Identifier[],
  hooks: BindHooks,
): BoundColumn[] {
  const keys = new Set(key.map((k) => k.text));
  const names = new Set<string>();
  for (const d of definitions) {
    if (names.has(d.name.text))
      throw new UserError('CAT2006', { at: d.name.span, message: `column "${d.name.text}" is there twice` });
    names.add(d.name.text);
  }
  // Computed columns see physical and metadata columns of the whole table, wherever they stand.
  const fields = definitions.map((d): RelField | undefined =>
    d.kind === 'computed' ? undefined : { name: d.name.text, type: columnType(d, keys), time: undefined },
  );
  return definitions.map((d): BoundColumn => {
    const { comment } = d;
    const name = d.name.text;
    switch (d.kind) {
      case 'physical':
        return { kind: 'physical', name, type: columnType(d, keys), comment };
      case 'metadata':
        return {
          kind: 'metadata',
          name,
          type: bindType(d.type),
          key: d.from ?? name,
          virtual: d.virtual,
          comment,
        };
      case 'computed': {
        const scope = new Scope([
          { name: undefined, qualifier: [], at: 0, fields: fields.map((f) => f ?? hidden) },
        ]);
        const expr = bindExpression(d.expression, scope, hooks);
        const time = isProctime(expr) ? ('proctime' as const) : undefined;
        return { kind: 'computed', name, type: expr.type, expr, time, comment };
      }
    }
  });
}
/** Takes the place of a computed column in the scope of computed columns: no name can be it. */
const hidden: RelField = { name: '\u0000', type: { kind: 'NULL', nullable: true }, time: undefined };
const isProctime = (expr: Expr): expr is CallExpr => expr.kind === 'call' && expr.fn === 'PROCTIME';

function columnType(d: ColumnDefinition, keys: ReadonlySet<string>): LogicalType {
  if (d.kind === 'computed') throw new TypeError('a computed column has the type of its expression');
  const type = bindType(d.type);
  return keys.has(d.name.text) ? notNull(type) : type;
}

function bindWatermark(
  node: WatermarkDefinition,
  columns: readonly BoundColumn[],
  hooks: BindHooks,
): BoundWatermark {
  const id = node.column.at(-1)!;
  if (node.column.length > 1)
    throw new UserError('CAT2007', {
      at: id.span,
      message: 'a watermark on a nested field is not supported yet',
      hint: 'Declare a computed column: ts AS row.ts, and the watermark on it.',
    });
  const column = find(columns, id);
  const { type } = columns[column]!;
  if ((type.kind !== 'TIMESTAMP' && type.kind !== 'TIMESTAMP_LTZ') || type.precision > 3) {
    throw new UserError('CAT2007', {
      at: id.span,
      message: `Invalid data type of time field for watermark definition. The field "${id.text}" must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3, but the time field type is ${typeName(type)}`,
      hint:
        type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
          ? `Declare it as ${type.kind}(3).`
          : computedTime(
              id.text,
              type,
              columns.map((c) => c.name),
            ),
    });
  }
  const scope = Scope.of(
    undefined,
    columns.map((c): RelField => ({ name: c.name, type: c.type, time: undefined })),
  );
  const text = printExpression(node.expression);
  const { expression } = node;
  if (expression.kind === 'call' && expression.name.at(-1)!.text.toUpperCase() === 'SOURCE_WATERMARK')
    return { column, expr: 'source', text };
  const expr = bindExpression(expression, scope, hooks);
  if (expr.type.kind !== 'TIMESTAMP' && expr.type.kind !== 'TIMESTAMP_LTZ') {
    throw new UserError('CAT2007', {
      at: expression.span,
      message: `Invalid data type of expression for watermark definition: it must be TIMESTAMP(p) or TIMESTAMP_LTZ(p), but is ${typeName(expr.type)}`,
    });
  }
  return { column, expr, text };
}
/** The computed column that works for what stands in place of a time. */
function computedTime(name: string, { kind }: LogicalType, taken: readonly string[]): string {
  const column = ['ts', 'event_time', 'rowtime'].find((n) => !taken.includes(n)) ?? `${name}_time`;
  const time =
    kind === 'CHAR' || kind === 'VARCHAR'
      ? `TO_TIMESTAMP(${name})`
      : kind === 'DATE'
        ? `CAST(${name} AS TIMESTAMP(3))`
        : `TO_TIMESTAMP_LTZ(${name}, 3)`;
  const unit = time.startsWith('TO_TIMESTAMP_LTZ') ? ' (3: milliseconds, 0: seconds)' : '';
  return `Declare a computed column and the watermark on it: ${column} AS ${time}, WATERMARK FOR ${column} AS ${column} - INTERVAL '5' SECOND${unit}.`;
}

const typeName = (t: LogicalType): string =>
  'precision' in t && t.kind !== 'DECIMAL' ? `${t.kind}(${t.precision})` : t.kind;

/** Metadata keys that the connector has, in types that go together. */
function checkMetadata(table: BoundTable, session: Session): void {
  const descriptor = session.connectors.get(table.connector)!;
  const known =
    typeof descriptor.metadata === 'function'
      ? descriptor.metadata(connectorTable(table))
      : descriptor.metadata;
  for (const [i, c] of table.columns.entries()) {
    if (c.kind !== 'metadata' || known.some((m) => m.key === c.key)) continue;
    throw new UserError('CAT2008', {
      at: table.ast.columns[i]?.name.span,
      message: `Invalid metadata key '${c.key}' in column '${c.name}' of table '${table.path.object}': the connector '${table.connector}' does not have it`,
      hint:
        known.length === 0
          ? 'The connector has no metadata columns.'
          : `There are: ${known.map((m) => m.key).join(', ')}.`,
    });
  }
}

type LikeWhat = LikeClause['options'][number]['what'];

/** Flink's LIKE: everything is taken over by default; options of the new table win. */
function mergeLike(node: CreateTable, like: LikeClause, session: Session): CreateTable {
  const base = session.get(like.table);
  if (base.kind !== 'table')
    throw new UserError('CAT2009', { at: like.span, message: 'LIKE takes a table, not a view' });
  const takes = (what: LikeWhat): boolean => {
    const specific = like.options.find((o) => o.what === what);
    const all = like.options.find((o) => o.what === 'ALL');
    return (specific ?? all)?.action !== 'EXCLUDING';
  };
  const overwrites = (what: LikeWhat): boolean =>
    like.options.some((o) => o.what === what && o.action === 'OVERWRITING');
  const own = new Set(node.columns.map((c) => c.name.text));
  const inherited = base.ast.columns.filter((c) => {
    if (c.kind === 'computed')
      return takes('GENERATED') && !(own.has(c.name.text) && overwrites('GENERATED'));
    if (c.kind === 'metadata') return takes('METADATA') && !(own.has(c.name.text) && overwrites('METADATA'));
    return true;
  });
  return {
    ...node,
    columns: [...inherited, ...node.columns],
    watermark: node.watermark ?? (takes('WATERMARKS') ? base.ast.watermark : undefined),
    primaryKey: node.primaryKey ?? (takes('CONSTRAINTS') ? base.ast.primaryKey : undefined),
    partitionedBy:
      node.partitionedBy.length > 0 ? node.partitionedBy : takes('PARTITIONS') ? base.ast.partitionedBy : [],
    options: takes('OPTIONS') ? [...base.ast.options, ...node.options] : node.options,
  };
}

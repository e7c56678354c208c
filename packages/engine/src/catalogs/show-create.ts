/* What SHOW CREATE gives, in the form that Flink has for it: full names, types in full, every option on a line. */

import { typeText, type LogicalType } from '#data';
import type { BoundModel, BoundTable, BoundView } from '#plan';
import { printExpression } from '#sql';
import type { ObjectPath } from '#catalog';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const path = ({ catalog, database, object }: ObjectPath): string =>
  [catalog, database, object].map(allQuoted).join('.');
const allQuoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** STRING and BYTES are written as what they stand for. */
const fullType = (type: LogicalType): string =>
  typeText(type)
    .replaceAll(/\bSTRING\b/g, 'VARCHAR(2147483647)')
    .replaceAll(/\bBYTES\b/g, 'VARBINARY(2147483647)')
    .replaceAll(/\bTIMESTAMP_LTZ(\(\d\))/g, 'TIMESTAMP$1 WITH LOCAL TIME ZONE');
const comment = (text: string | undefined): string => (text === undefined ? '' : ` COMMENT ${quoted(text)}`);

function optionLines(pairs: readonly (readonly [string, string])[]): string[] {
  if (pairs.length === 0) return [];
  const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
  return ['WITH (', sorted.map(([k, v]) => `  ${quoted(k)} = ${quoted(v)}`).join(',\n'), ')'];
}

export function createTableText(table: BoundTable): string {
  const { ast } = table;
  const columns = table.columns.map((c, i): string => {
    const head = `  ${allQuoted(c.name)}`;
    if (c.kind === 'computed') {
      const definition = ast.columns[i]!;
      const text = definition.kind === 'computed' ? printExpression(definition.expression) : '';
      return `${head} AS ${text}${comment(c.comment)}`;
    }
    if (c.kind === 'physical') return `${head} ${fullType(c.type)}${comment(c.comment)}`;
    const from = c.key === c.name ? '' : ` FROM ${quoted(c.key)}`;
    return `${head} ${fullType(c.type)} METADATA${from}${c.virtual ? ' VIRTUAL' : ''}${comment(c.comment)}`;
  });
  const { watermark, primaryKey } = table;
  const key = primaryKey.map((k) => table.columns[k]!.name);
  const name = ast.primaryKey?.name?.text ?? `PK_${key.join('_')}`;
  const elements = [
    ...columns,
    ...(watermark === undefined
      ? []
      : [`  WATERMARK FOR ${allQuoted(table.columns[watermark.column]!.name)} AS ${watermark.text}`]),
    ...(key.length === 0
      ? []
      : [`  CONSTRAINT ${allQuoted(name)} PRIMARY KEY (${key.map(allQuoted).join(', ')}) NOT ENFORCED`]),
  ];
  return [
    `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE ${path(table.path)} (`,
    elements.join(',\n'),
    ')',
    ...(table.comment === undefined ? [] : [`COMMENT ${quoted(table.comment)}`]),
    ...(table.partitionedBy.length === 0
      ? []
      : [`PARTITIONED BY (${table.partitionedBy.map(allQuoted).join(', ')})`]),
    ...optionLines(table.options.map((o) => [o.key, o.value] as const)),
    '',
  ].join('\n');
}

export function createViewText(view: BoundView): string {
  const columns =
    view.columns.length === 0 ? '' : ` (\n${view.columns.map((c) => `  ${allQuoted(c)}`).join(',\n')}\n)`;
  return [
    `CREATE ${view.temporary ? 'TEMPORARY ' : ''}VIEW ${path(view.path)}${columns}`,
    ...(view.comment === undefined ? [] : [`COMMENT ${quoted(view.comment)}`]),
    `AS ${view.text}`,
    '',
  ].join('\n');
}

export function createCatalogText(
  name: string,
  text: string | undefined,
  options: readonly (readonly [string, string])[],
): string {
  return [
    `CREATE CATALOG ${allQuoted(name)}`,
    ...(text === undefined ? [] : [`COMMENT ${quoted(text)}`]),
    ...optionLines(options),
    '',
  ].join('\n');
}

/** Keys of options that are secrets. A reference to one, as ${env:KEY}, is none. */
const isSecret = (key: string, value: string): boolean =>
  /(password|secret|api-?key)$/i.test(key) && !/^\$\{(env|file):[^}]*\}$/.test(value);
/** What stands for a secret. */
const hidden = '******';

export function createModelText(model: BoundModel): string {
  const columns = (of: BoundModel['input']): string =>
    of.map((c) => `${allQuoted(c.name)} ${fullType(c.type)}${comment(c.comment)}`).join(', ');
  return [
    `CREATE ${model.temporary ? 'TEMPORARY ' : ''}MODEL ${path(model.path)}`,
    ...(model.input.length === 0
      ? []
      : [`INPUT (${columns(model.input)})`, `OUTPUT (${columns(model.output)})`]),
    // As Flink, which takes an empty one for none.
    ...((model.comment ?? '') === '' ? [] : [`COMMENT ${quoted(model.comment!)}`]),
    ...optionLines(model.options.map((o) => [o.key, isSecret(o.key, o.value) ? hidden : o.value] as const)),
    '',
  ].join('\n');
}

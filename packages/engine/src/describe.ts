/* SHOW and DESCRIBE. */

import { UserError } from '#base';
import { types, typeText, withNullable, type Field, type Row } from '#data';
import { aggregateNames, functionNames, overFunctions, type EvalContext } from '#expr';
import {
  isTimeAttribute,
  notYet,
  QueryBinder,
  windowFunctionDocs,
  groupingFunctionDocs,
  type BoundTable,
  type RelField,
  type Session,
} from '#plan';
import { printExpression, printStatement, type DescribeStatement, type ShowStatement } from '#sql';
import type { Execution } from './execution.ts';
import type { EngineJob } from './job.ts';

const text = (name: string): Field => ({ name, type: types.STRING });
const list = (name: string, values: readonly string[], like: ShowStatement['like']): Execution => ({
  kind: 'table',
  fields: [text(name)],
  rows: values.filter((v) => matches(v, like)).map((v) => [v]),
});

function matches(value: string, like: ShowStatement['like']): boolean {
  if (like === undefined) return true;
  const pattern = like.pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${pattern}$`, like.ignoreCase ? 'is' : 's').test(value) !== like.negated;
}

const allFunctionNames = (): string[] =>
  [
    ...functionNames(),
    ...aggregateNames(),
    ...[...overFunctions, ...windowFunctionDocs, ...groupingFunctionDocs].map((f) => f.name),
  ]
    .filter((name) => !name.startsWith('$'))
    .map((name) => name.toLowerCase())
    .sort();

export function show(node: ShowStatement, session: Session, jobs: readonly EngineJob[]): Execution {
  const { like } = node;
  const objects = session.list(node.name.at(-2)?.text, node.name.at(-1)?.text);
  switch (node.what) {
    case 'TABLES':
      return list(
        'table name',
        objects.map((o) => o.path.object),
        like,
      );
    case 'VIEWS':
      return list(
        'view name',
        objects.filter((o) => o.kind === 'view').map((o) => o.path.object),
        like,
      );
    case 'DATABASES':
      return list('database name', [...(session.catalogs.get(session.catalog) ?? [])], like);
    case 'CATALOGS':
      return list('catalog name', [...session.catalogs.keys()], like);
    case 'FUNCTIONS':
      return list('function name', allFunctionNames(), like);
    case 'USER FUNCTIONS':
      return list('function name', [], like);
    case 'CURRENT CATALOG':
      return list('current catalog name', [session.catalog], undefined);
    case 'CURRENT DATABASE':
      return list('current database name', [session.database], undefined);
    case 'MODULES':
    case 'FULL MODULES':
      return list('module name', ['core'], like);
    case 'JARS':
      return list('jars', [], like);
    case 'JOBS':
      return {
        kind: 'table',
        fields: [text('job name'), text('status'), { name: 'start time', type: types.timestampLtz(3) }],
        rows: jobs.map((j): Row => [j.name, j.state.toUpperCase(), { ms: j.startedAt, ns: 0 }]),
      };
    case 'CREATE TABLE':
    case 'CREATE VIEW':
      return showCreate(node, session);
    case 'COLUMNS':
      return describeTable(node.name, session);
    case 'PARTITIONS':
    case 'PROCEDURES':
      throw notYet(`SHOW ${node.what}`, node.span);
  }
}

function showCreate(node: ShowStatement, session: Session): Execution {
  const object = session.get(node.name);
  const wanted = node.what === 'CREATE TABLE' ? 'table' : 'view';
  if (object.kind !== wanted)
    throw new UserError('CAT2003', {
      at: node.name[0]!.span,
      message: `"${object.path.object}" is a ${object.kind}, not a ${wanted}`,
    });
  const sql =
    object.kind === 'table'
      ? printStatement(object.ast)
      : `CREATE ${object.temporary ? 'TEMPORARY ' : ''}VIEW \`${object.path.object}\` AS\n${object.text}`;
  return { kind: 'table', fields: [text('result')], rows: [[sql]] };
}

export function describe(node: DescribeStatement, session: Session, evaluation: EvalContext): Execution {
  const object = session.get(node.name);
  if (object.kind === 'table') return describeTable(node.name, session);
  const rel = new QueryBinder(session, evaluation).view(object);
  return {
    kind: 'table',
    fields: describeFields,
    rows: rel.fields.map(
      (f): Row => [
        f.name,
        shown(typeText(withNullable(f.type, true)), f.time),
        f.type.nullable,
        null,
        null,
        null,
      ],
    ),
  };
}

const describeFields: Field[] = [
  text('name'),
  text('type'),
  { name: 'null', type: types.BOOLEAN },
  text('key'),
  text('extras'),
  text('watermark'),
];
const shown = (type: string, time: RelField['time']): string =>
  isTimeAttribute(time) ? `${type} *${time.toUpperCase()}*` : type;

function describeTable(name: DescribeStatement['name'], session: Session): Execution {
  const object = session.get(name);
  if (object.kind !== 'table')
    throw new UserError('CAT2003', { at: name[0]!.span, message: `"${object.path.object}" is a view` });
  const table: BoundTable = object;
  const key = table.primaryKey.map((k) => table.columns[k]!.name).join(', ');
  // As Flink: a column for them where there is one.
  const hasComments = table.columns.some((c) => c.comment !== undefined);
  return {
    kind: 'table',
    fields: hasComments ? [...describeFields, text('comment')] : describeFields,
    rows: table.columns.map(
      (c, i): Row => [
        c.name,
        shown(
          typeText(withNullable(c.type, true)),
          table.watermark?.column === i ? 'rowtime' : c.kind === 'computed' ? c.time : undefined,
        ),
        c.type.nullable,
        table.primaryKey.includes(i) ? `PRI(${key})` : null,
        extras(table, i),
        table.watermark?.column === i ? table.watermark.text : null,
        ...(hasComments ? [c.comment ?? null] : []),
      ],
    ),
  };
}
function extras(table: BoundTable, index: number): string | null {
  const c = table.columns[index]!;
  if (c.kind === 'computed') {
    const definition = table.ast.columns[index];
    return definition?.kind === 'computed' ? `AS ${printExpression(definition.expression)}` : null;
  }
  if (c.kind === 'metadata')
    return `METADATA${c.key === c.name ? '' : ` FROM '${c.key}'`}${c.virtual ? ' VIRTUAL' : ''}`;
  return null;
}

/* SHOW and DESCRIBE. */

import { partitionsOf } from './catalogs/partitions.ts';
import { didYouMean, UserError } from '#base';
import { types, typeText, withNullable, type Field, type Row } from '#data';
import { aggregateNames, functionNames, overFunctions, type EvalContext } from '#expr';
import {
  isTimeAttribute,
  notYet,
  QueryBinder,
  windowFunctionDocs,
  changelogFunctionDocs,
  modelFunctionDocs,
  groupingFunctionDocs,
  type BoundTable,
  type RelField,
  type Session,
} from '#plan';
import { printExpression, type DescribeStatement, type ShowStatement } from '#sql';
import type { Loader } from './catalogs/loader.ts';
import { createCatalogText, createTableText, createViewText } from './catalogs/show-create.ts';
import { describeModel, modelsIn, showCreateModel } from './describe-model.ts';
import type { Execution } from './execution.ts';
import type { Functions } from './functions/functions.ts';
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
    ...[
      ...overFunctions,
      ...windowFunctionDocs,
      ...groupingFunctionDocs,
      ...changelogFunctionDocs,
      ...modelFunctionDocs,
    ].map((f) => f.name),
  ]
    .filter((name) => !name.startsWith('$'))
    .map((name) => name.toLowerCase())
    .sort();

/** What SHOW and DESCRIBE may ask. */
export interface Shown {
  readonly session: Session;
  readonly loader: Loader;
  readonly functions: Functions;
  readonly jobs: readonly EngineJob[];
  readonly evaluation: EvalContext;
}

/** The database that FROM names, or the current one. Throws CAT2010. */
function place(
  { name }: ShowStatement,
  session: Session,
): { readonly catalog: string; readonly database: string } {
  const database = name.at(-1)?.text ?? session.database;
  const catalog = name.at(-2)?.text ?? session.catalog;
  session.needDatabase(catalog, database, name.at(-1)?.span);
  return { catalog, database };
}

/** Names of tables and views in the database, those too that no statement has named yet. */
async function objectsIn(
  node: ShowStatement,
  { session, loader }: Shown,
): Promise<Map<string, 'table' | 'view'>> {
  const { catalog, database } = place(node, session);
  const found = new Map<string, 'table' | 'view'>();
  for (const { name, kind } of await loader.names(catalog, database))
    if (kind === 'table' || kind === 'view') found.set(name, kind);
  for (const { path, kind } of session.list(catalog, database)) found.set(path.object, kind);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function functionsIn(node: ShowStatement, { session, loader, functions }: Shown): Promise<string[]> {
  const at = place(node, session);
  const stored = (await loader.names(at.catalog, at.database)).flatMap(({ name, kind }) =>
    kind === 'function' ? [name] : [],
  );
  return [...new Set([...functions.names(at), ...stored])].sort();
}

export async function show(node: ShowStatement, shown: Shown): Promise<Execution> {
  const { session, jobs } = shown;
  const { like } = node;
  switch (node.what) {
    case 'TABLES':
      return list('table name', [...(await objectsIn(node, shown)).keys()], like);
    case 'VIEWS': {
      const views = [...(await objectsIn(node, shown))].filter(([, kind]) => kind === 'view');
      return list(
        'view name',
        views.map(([name]) => name),
        like,
      );
    }
    case 'DATABASES': {
      const catalog = session.catalogNamed(node.name.at(-1)?.text ?? session.catalog, node.name[0]?.span);
      return list('database name', [...catalog.databases.keys()].sort(), like);
    }
    case 'CATALOGS':
      return list('catalog name', [...session.catalogs.keys()].sort(), like);
    case 'FUNCTIONS': {
      const own = await functionsIn(node, shown);
      return list('function name', [...new Set([...allFunctionNames(), ...own])].sort(), like);
    }
    case 'USER FUNCTIONS':
      return list('function name', await functionsIn(node, shown), like);
    case 'CURRENT CATALOG':
      return list('current catalog name', [session.catalog], undefined);
    case 'CURRENT DATABASE':
      return list('current database name', [session.database], undefined);
    case 'MODULES':
      return list('module name', ['core'], like);
    case 'FULL MODULES':
      return {
        kind: 'table',
        fields: [text('module name'), { name: 'used', type: types.BOOLEAN }],
        rows: [['core', true]],
      };
    case 'JARS':
      return list('jars', [], like);
    case 'MODELS':
      return list('model name', await modelsIn(place(node, session), shown), like);
    case 'MATERIALIZED TABLES':
      return list('materialized table', [], like);
    case 'JOBS':
      return {
        kind: 'table',
        fields: [text('job name'), text('status'), { name: 'start time', type: types.timestampLtz(3) }],
        rows: jobs.map((j): Row => [j.name, j.state.toUpperCase(), { ms: j.startedAt, ns: 0 }]),
      };
    case 'CREATE TABLE':
    case 'CREATE VIEW':
      return showCreate(node, session);
    case 'CREATE MODEL':
      return showCreateModel(node, session);
    case 'CREATE CATALOG':
      return showCatalog(node, session);
    case 'COLUMNS': {
      if (node.name.length === 0)
        throw new UserError('SQL0001', {
          at: node.span,
          message: 'SHOW COLUMNS names no table',
          hint: 'Write SHOW COLUMNS FROM t.',
        });
      const described = describeObject(node.name, shown);
      return { ...described, rows: described.rows.filter(([name]) => matches(String(name), like)) };
    }
    case 'PARTITIONS': {
      const table = session.get(node.name);
      if (table.kind === 'view' || table.partitionedBy.length === 0)
        throw new UserError('CAT2003', {
          at: node.name[0]!.span,
          message: `"${table.path.object}" is not partitioned`,
        });
      return list('partition name', [...partitionsOf(table, node.partition ?? [])], like);
    }
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
      hint: `Write SHOW CREATE ${object.kind.toUpperCase()}.`,
    });
  const sql = object.kind === 'table' ? createTableText(object) : createViewText(object);
  return { kind: 'table', fields: [text('result')], rows: [[sql]] };
}

function showCatalog({ name }: ShowStatement, session: Session): Execution {
  const id = name.at(-1)!;
  const { type, comment, options } = session.catalogNamed(id.text, id.span);
  const pairs = [...new Map([...options, ['type', type]])].sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind: 'table', fields: [text('result')], rows: [[createCatalogText(id.text, comment, pairs)]] };
}

export function describe(node: DescribeStatement, shown: Shown): Execution {
  switch (node.what) {
    case 'TABLE':
      return describeObject(node.name, shown);
    case 'CATALOG':
      return describeCatalog(node, shown.session);
    case 'DATABASE':
      return describeDatabase(node, shown.session);
    case 'FUNCTION':
      return describeFunction(node, shown.functions);
    case 'MODEL':
      return describeModel(node, shown.session);
  }
}
type TableExecution = Extract<Execution, { kind: 'table' }>;

/** What is said of one thing: a row for each piece of information. */
const info = (rows: readonly (readonly [string, string | null])[]): TableExecution => ({
  kind: 'table',
  fields: [text('info name'), text('info value')],
  rows: rows.map(([name, value]): Row => [name, value]),
});

function describeCatalog({ name, extended }: DescribeStatement, session: Session): Execution {
  const id = name.at(-1)!;
  const { type, comment, options } = session.catalogNamed(id.text, id.span);
  const more = extended ? [...options].map(([k, v]) => [`option:${k}`, v] as const) : [];
  return info([['name', id.text], ['type', type], ['comment', comment ?? null], ...more]);
}
function describeDatabase({ name, extended }: DescribeStatement, session: Session): Execution {
  const id = name.at(-1)!;
  const catalog = name.at(-2)?.text ?? session.catalog;
  const { comment, options } = session.needDatabase(catalog, id.text, id.span);
  const more = extended ? [...options].map(([k, v]) => [`option:${k}`, v] as const) : [];
  return info([['name', id.text], ['catalog', catalog], ['comment', comment ?? null], ...more]);
}
function describeFunction({ name }: DescribeStatement, functions: Functions): Execution {
  const asked = name.map((n) => n.text).join('.');
  const own = functions.described(asked);
  if (own !== undefined) return info([['is system function', 'false'], ...own]);
  if (allFunctionNames().includes(asked.toLowerCase()))
    return info([
      ['is system function', 'true'],
      ['is temporary', 'false'],
    ]);
  throw new UserError('CAT2022', {
    at: name[0]!.span,
    message: `there is no function "${asked}"`,
    hint: didYouMean(asked.toLowerCase(), allFunctionNames()),
  });
}

function describeObject(name: DescribeStatement['name'], { session, evaluation }: Shown): TableExecution {
  const object = session.get(name);
  if (object.kind === 'table') return describeTable(object);
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

function describeTable(table: BoundTable): TableExecution {
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

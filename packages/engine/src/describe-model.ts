/* SHOW and DESCRIBE of models. */

import { types, typeText, withNullable, type Field, type Row } from '#data';
import type { BoundModel, Session } from '#plan';
import type { DescribeStatement, ShowStatement } from '#sql';
import type { Loader } from './catalogs/loader.ts';
import { createModelText } from './catalogs/show-create.ts';
import type { Execution } from './execution.ts';

type TableExecution = Extract<Execution, { kind: 'table' }>;
const text = (name: string): Field => ({ name, type: types.STRING });
const flag = (name: string): Field => ({ name, type: types.BOOLEAN });

/** Names of the models of a database, sorted, those too that no statement has named yet. */
export async function modelsIn(
  { catalog, database }: { readonly catalog: string; readonly database: string },
  { session, loader }: { readonly session: Session; readonly loader: Loader },
): Promise<string[]> {
  const isStored = session.catalogs.get(catalog)?.store !== undefined;
  const stored = (await loader.names(catalog, database)).filter(({ kind }) => kind === 'model');
  // What is kept outside is there as long as it is there.
  const own = session.models.list(catalog, database).filter((m) => m.temporary || !isStored);
  return [...new Set([...own.map((m) => m.path.object), ...stored.map(({ name }) => name)])].sort();
}

const modelOf = ({ name }: DescribeStatement | ShowStatement, session: Session): BoundModel =>
  session.models.get(session.path(name), name.at(-1)!.span);

export const showCreateModel = (node: ShowStatement, session: Session): TableExecution => ({
  kind: 'table',
  fields: [text('result')],
  rows: [[createModelText(modelOf(node, session))]],
});

export function describeModel(node: DescribeStatement, session: Session): TableExecution {
  const { input, output } = modelOf(node, session);
  // As Flink: a column for comments where there is one.
  const hasComments = [...input, ...output].some((c) => c.comment !== undefined);
  const row =
    (isInput: boolean) =>
    ({ name, type, comment }: BoundModel['input'][number]): Row => [
      name,
      typeText(withNullable(type, true)),
      type.nullable,
      isInput,
      ...(hasComments ? [comment ?? null] : []),
    ];
  return {
    kind: 'table',
    fields: [
      text('name'),
      text('type'),
      flag('null'),
      flag('is input'),
      ...(hasComments ? [text('comment')] : []),
    ],
    rows: [...input.map(row(true)), ...output.map(row(false))],
  };
}

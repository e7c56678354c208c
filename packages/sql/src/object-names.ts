/* The tables, views, functions and models that a statement names, wherever in it they stand. */

import type { Identifier } from './ast/names.ts';
import type { ObjectName, Statement } from './ast/statements.ts';
import type { Query } from './ast/queries.ts';

export interface Names {
  readonly tables: readonly ObjectName[];
  readonly functions: readonly ObjectName[];
  readonly models: readonly ObjectName[];
}

/** Names as they are written; those of WITH are among them. */
export function objectNames(node: Statement | Query): Names {
  const tables: ObjectName[] = [];
  const functions: ObjectName[] = [];
  const models: ObjectName[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if ('kind' in part) {
      const { kind } = part as { readonly kind: unknown };
      if ('name' in part && isOfFunction(part)) functions.push(part.name as ObjectName);
      else if ('name' in part && isOfModel(part)) models.push(...modelNames(part as never));
      else if (kind === 'table-argument' && 'source' in part && Array.isArray(part.source))
        tables.push(part.source as Identifier[]);
      else if (nameOf[kind as string] !== undefined) tables.push(...nameOf[kind as string]!(part as never));
    }
    for (const value of Object.values(part)) visit(value);
  };
  visit(node);
  return { tables, functions, models };
}

/** A call, or a statement about a function. */
function isOfFunction(node: { readonly kind?: unknown; readonly what?: unknown }): boolean {
  switch (node.kind) {
    case 'call':
    case 'create-function':
    case 'alter-function':
      return true;
    default:
      return node.what === 'FUNCTION';
  }
}

/** MODEL m, or a statement about a model. */
function isOfModel(node: { readonly kind?: unknown; readonly what?: unknown }): boolean {
  switch (node.kind) {
    case 'model-argument':
    case 'create-model':
    case 'alter-model':
      return true;
    default:
      return node.what === 'MODEL' || node.what === 'CREATE MODEL';
  }
}
/** What it is renamed to is asked for too: it may be there. */
const modelNames = ({
  name,
  action,
}: Named & { readonly action?: { readonly to?: ObjectName } }): ObjectName[] =>
  action?.to === undefined ? [name] : [name, action.to];

interface Named {
  readonly name: ObjectName;
}
const named = ({ name }: Named): ObjectName[] => (name.length === 0 ? [] : [name]);

/** Where the names of each kind of node stand. */
const nameOf: Readonly<Record<string, (node: never) => ObjectName[]>> = {
  'named-table': named,
  insert: ({ target }: { readonly target: ObjectName }) => [target],
  'create-table': ({ name, like }: Named & { readonly like?: { readonly table: ObjectName } }) =>
    like === undefined ? [name] : [name, like.table],
  'create-table-as': named,
  'create-view': named,
  'alter-table': ({
    name,
    action,
  }: Named & { readonly action: { readonly to?: ObjectName | Identifier } }) =>
    Array.isArray(action.to) ? [name, action.to as ObjectName] : [name],
  'alter-view': ({ name, action }: Named & { readonly action: { readonly to?: ObjectName } }) =>
    action.to === undefined ? [name] : [name, action.to],
  'truncate-table': named,
  drop: named,
  describe: named,
  show: named,
};

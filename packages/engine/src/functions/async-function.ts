/* Asynchronous functions of the program: each a connector whose only table is asked by the arguments and answers with them and
 * the result. The runtime of lookup joins keeps the order of rows, and how many questions are under way. */

import { MillraceError, UserError } from '#base';
import type { ConnectorDescriptor } from '#catalog';
import type { LogicalType, Row } from '#data';
import type { ConnectorRuntime, LookupContext } from '#dataflow';
import type { BoundTable } from '#plan';
import { parseStatement, type CreateTable } from '#sql';
import { fromJavaScript, toJavaScript } from './convert.ts';
import type { ScalarDefinition } from './user-function.ts';

export interface AsyncFunction {
  readonly connector: ConnectorDescriptor;
  readonly table: BoundTable;
}

/** `fn`: its name within. Throws UserError for one without arguments: rows are asked for by them. */
export function asyncFunction(
  name: string,
  definition: ScalarDefinition,
  { fn, argTypes, returnType }: { fn: string; argTypes: readonly LogicalType[]; returnType: LogicalType },
): AsyncFunction {
  if (argTypes.length === 0)
    throw new UserError('LIB2004', {
      message: `the asynchronous function "${name}" has no arguments`,
      hint: 'Give it one, such as the key that it asks for.',
    });
  const call = definition.call as (...args: unknown[]) => unknown;
  const answer = async (key: Row): Promise<Row> => {
    try {
      const value = await call(...key.map((v, i) => toJavaScript(v, argTypes[i]!)));
      return [...key, fromJavaScript(value, returnType)];
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown;
      throw new UserError('LIB2001', {
        message: `function "${name}" failed: ${String(thrown)}`,
        hint: 'The error of the program is the cause of this one.',
        cause: thrown,
      });
    }
  };
  const columns = [
    ...argTypes.map((type, i) => ({ name: `$arg${i}`, type })),
    { name: '$answer', type: returnType },
  ];
  return {
    table: boundTable(fn, columns),
    connector: {
      name: connectorOf(fn),
      pinned: true,
      metadata: [],
      options: () => ({ owner: `function "${name}"`, specs: [] }),
      lookup: () => ({ async: true }),
      load: async (): Promise<ConnectorRuntime> => ({
        createLookup: ({ fields, key }: LookupContext) => ({
          open: async () => {},
          close: async () => {},
          async findAsync(asked) {
            // The key is in the order of the plan, the arguments in that of the function.
            const args = argTypes.map((_, i) => asked[key.findIndex((k) => fields[k]!.name === `$arg${i}`)]!);
            const row = await answer(args);
            return [fields.map((f) => row[columns.findIndex((c) => c.name === f.name)]!)];
          },
        }),
      }),
    },
  };
}

/** Not one that a user may name. */
const connectorOf = (fn: string): string => `$${fn}`;

function boundTable(
  fn: string,
  columns: readonly { readonly name: string; readonly type: LogicalType }[],
): BoundTable {
  return {
    kind: 'table',
    path: { catalog: '$functions', database: '$functions', object: fn },
    connector: connectorOf(fn),
    columns: columns.map((c) => ({ ...c, kind: 'physical', comment: undefined })),
    watermark: undefined,
    options: [],
    primaryKey: [],
    partitionedBy: [],
    temporary: true,
    comment: undefined,
    ast: parseStatement("CREATE TABLE f (a INT) WITH ('connector' = 'f')") as CreateTable,
  };
}

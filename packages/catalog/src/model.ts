/* Models: what the planner and their providers agree on. A provider is small and synchronous, as a connector is: enough to plan
 * with. What asks the model is loaded when a job starts.
 *
 * A job asks a model as it looks up a table: by the columns that the model is given, for those that it answers. So each provider
 * is a connector of its own, and a model a table of it. */

import type { Field } from '#data';
import type { OptionSpec, RawOption } from './options.ts';
import type { ConnectorTable, ObjectPath } from './table.ts';

/** What a provider is told of a model. */
export interface ModelTable {
  readonly path: ObjectPath;
  readonly input: readonly Field[];
  readonly output: readonly Field[];
  /** But for 'provider'. */
  readonly options: readonly RawOption[];
}
/** How a model can be asked: one row after the other, or many rows at a time. */
export interface PredictTraits {
  readonly sync: boolean;
  readonly async: boolean;
}

/** Who runs models: CREATE MODEL … WITH ('provider' = name). Registered by the application; the engine names but its own. */
export interface ModelProvider {
  readonly name: string;
  readonly options: readonly OptionSpec[];
  /** Of a model whose options are right. Throws UserError for one that it cannot run. */
  traits(model: ModelTable): PredictTraits;
  /** Before a statement that names the model is planned. Throws UserError. */
  prepare?(model: ModelTable): Promise<void>;
  /** What it asks belongs to the thread that registered it: functions of the program. */
  readonly pinned?: boolean;
  /** Loads the code. Its shape is `dataflow`'s ModelRuntime; unknown here, for catalog runs nothing. */
  load(): Promise<unknown>;
}
export type ModelProviders = ReadonlyMap<string, ModelProvider>;

/** The connector that a provider is: not one that a user may name. */
export const modelConnectorName = (provider: string): string => `$model:${provider}`;

const [given, answered] = ['in ', 'out '];

/** The model as a table that is looked up: by its first columns, for those behind. */
export const modelAsTable = ({ path, input, output, options }: ModelTable): ConnectorTable => ({
  path,
  physical: [
    ...input.map(({ name, type }) => ({ name: `${given}${name}`, type })),
    ...output.map(({ name, type }) => ({ name: `${answered}${name}`, type })),
  ],
  primaryKey: [],
  partitionedBy: [],
  options,
});
/** The model that the table is. */
export function modelOfTable({ path, physical, options }: ConnectorTable): ModelTable {
  const those = (prefix: string): Field[] =>
    physical.flatMap(({ name, type }) =>
      name.startsWith(prefix) ? [{ name: name.slice(prefix.length), type }] : [],
    );
  return { path, input: those(given!), output: those(answered!), options };
}

/* A provider of models as a connector: a model is a table that is looked up by what it is given.
 *
 *   lookup join ── key: features ─▶ predictor ── answers ─▶ rows of features and answers */

import { modelConnectorName, modelOfTable, type ConnectorDescriptor, type ModelProvider } from '#catalog';
import type { Row, Value } from '#data';
import type { Lookup, LookupContext } from '../contracts/lookup.ts';
import type { ModelRuntime, Predictor } from '../contracts/model.ts';
import type { ConnectorRuntime } from '../contracts/runtime.ts';
import type { Trouble } from '../contracts/trouble.ts';

/** What the job asks; the planner has checked the model with its provider by then. */
export function modelConnector(provider: ModelProvider): ConnectorDescriptor {
  return {
    name: modelConnectorName(provider.name),
    ...(provider.pinned === undefined ? {} : { pinned: provider.pinned }),
    metadata: [],
    options: () => ({ owner: `the provider '${provider.name}'`, specs: provider.options }),
    lookup: (table) => ({ async: provider.traits(modelOfTable(table)).async }),
    load: async (): Promise<ConnectorRuntime> => {
      const runtime = (await provider.load()) as ModelRuntime;
      return { createLookup: (context) => new ModelLookup(runtime, context) };
    },
  };
}

class ModelLookup implements Lookup {
  readonly #predictor: Predictor;
  /** Of each column of the answer: its place in the question, or in what the model gives. */
  readonly #columns: readonly { readonly asked: boolean; readonly at: number }[];

  constructor(runtime: ModelRuntime, { world, table, fields, key, signal, warn }: LookupContext) {
    const model = modelOfTable(table);
    this.#predictor = runtime.createPredictor({ world, model, signal, warn });
    const outputs = table.physical.slice(model.input.length).map((f) => f.name);
    this.#columns = fields.map(({ name }, i) =>
      key.includes(i) ? { asked: true, at: key.indexOf(i) } : { asked: false, at: outputs.indexOf(name) },
    );
  }
  open(): Promise<void> {
    return this.#predictor.open();
  }
  find(key: Row): readonly Row[] {
    return this.#predictor.predict!(key).map((row) => this.#joined(key, row));
  }
  known(key: Row): readonly Row[] | undefined {
    return this.#predictor.known?.(key)?.map((row) => this.#joined(key, row));
  }
  async findAsync(key: Row): Promise<readonly Row[]> {
    return (await this.#predictor.predictAsync!(key)).map((row) => this.#joined(key, row));
  }
  get trouble(): Trouble | undefined {
    return this.#predictor.trouble;
  }
  close(): Promise<void> {
    return this.#predictor.close();
  }
  #joined(key: Row, row: Row): Row {
    return this.#columns.map(({ asked, at }): Value => (asked ? key[at]! : row[at]!));
  }
}

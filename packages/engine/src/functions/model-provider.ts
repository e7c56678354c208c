/* Models that are written in TypeScript or JavaScript: a function that is found in a module.
 *
 *   CREATE MODEL sentiment INPUT (text STRING) OUTPUT (label STRING)
 *     WITH ('provider' = 'typescript', 'file' = 'model.ts#predict');
 *   model.ts:  export const predict = (text: string | null) => ({ label: text === null ? null : 'positive' });
 *
 * It is called with the values of INPUT, and gives an object by the names of OUTPUT: one row. An array of such objects gives as
 * many rows, and null none. A promise of either is waited for. */

import { MillraceError, UserError } from '#base';
import type { ModelProvider, ModelTable } from '#catalog';
import type { Row } from '#data';
import type { ModelRuntime, Predictor } from '#dataflow';
import { fromJavaScript, toJavaScript } from './convert.ts';
import type { LoadModule } from './functions.ts';

/** What a model in TypeScript is. */
export type PredictFunction = (...input: never[]) => unknown;

/** `load`: where modules come from; without, none can be named. */
export function typeScriptProvider(load: LoadModule | undefined): ModelProvider {
  const find = (model: ModelTable): Promise<PredictFunction> => loaded(model, load);
  return {
    name: 'typescript',
    // Modules are loaded where the program runs.
    pinned: true,
    options: [
      {
        key: 'file',
        type: 'string',
        required: true,
        doc: 'The module and what it exports: `model.ts#predict`. Its path counts as that of CREATE FUNCTION does; without a name behind #, the export is called `predict`.',
      },
    ],
    traits: () => ({ sync: true, async: true }),
    prepare: async (model) => {
      // The planner says what is missing.
      if (model.options.some((o) => o.key === 'file')) await find(model);
    },
    load: async () => runtimeOf(find),
  };
}

/** A model of the program. */
export interface ModelDefinition {
  /** Names of what it is given, in the order of `predict`'s arguments, with their SQL types. */
  readonly input: Readonly<Record<string, string>>;
  /** Names of what it answers, with their SQL types. */
  readonly output: Readonly<Record<string, string>>;
  /** Called with values as `query` gives them, null for NULL. Returns an object by the names of `output`, an array of such for
   *  several rows, null for none, or a promise of either. */
  readonly predict: PredictFunction;
}

/** The provider of that model alone. */
export const programProvider = (name: string, { predict }: ModelDefinition): ModelProvider => ({
  name,
  pinned: true,
  options: [],
  traits: () => ({ sync: true, async: true }),
  load: async () => runtimeOf(async () => predict),
});

/** Of models whose functions `find` gives. */
export const runtimeOf = (find: (model: ModelTable) => Promise<PredictFunction>): ModelRuntime => ({
  createPredictor: ({ model }) => new FunctionPredictor(model, find),
});

class FunctionPredictor implements Predictor {
  readonly #model: ModelTable;
  readonly #find: (model: ModelTable) => Promise<PredictFunction>;
  #predict: PredictFunction = () => null;
  /** It has given a promise, so nothing it gives is asked for without waiting any more. */
  #promises = false;
  /** The first of them: of the row that is asked for next. */
  #first: Promise<unknown> | undefined;

  constructor(model: ModelTable, find: (model: ModelTable) => Promise<PredictFunction>) {
    this.#model = model;
    this.#find = find;
  }
  async open(): Promise<void> {
    this.#predict = await this.#find(this.#model);
  }
  predict(input: Row): readonly Row[] {
    const answer = called(this.#predict, this.#model, input);
    if (answer instanceof Promise)
      throw failed(this.#model, "gives a promise: leave MAP['async', 'false'] out", undefined);
    return rowsOf(answer, this.#model);
  }
  /** A function that answers at once is not waited for. */
  known(input: Row): readonly Row[] | undefined {
    if (this.#promises) return undefined;
    const answer = called(this.#predict, this.#model, input);
    if (!(answer instanceof Promise)) return rowsOf(answer, this.#model);
    this.#promises = true;
    this.#first = answer;
    // Whoever asks for it next hears of its failure.
    answer.catch(() => {});
    return undefined;
  }
  async predictAsync(input: Row): Promise<readonly Row[]> {
    const answer = this.#first ?? called(this.#predict, this.#model, input);
    this.#first = undefined;
    let value: unknown;
    try {
      value = await answer;
    } catch (thrown) {
      throw failed(this.#model, `failed: ${String(thrown)}`, thrown);
    }
    return rowsOf(value, this.#model);
  }
  async close(): Promise<void> {}
}

async function loaded(model: ModelTable, load: LoadModule | undefined): Promise<PredictFunction> {
  const option = model.options.find((o) => o.key === 'file');
  const [path = '', exported = 'predict'] = (option?.value ?? '').split('#');
  const wrong = (message: string, cause?: unknown): UserError =>
    new UserError('CAT2031', {
      at: option?.at,
      message: `model "${model.path.object}": ${message}`,
      hint: `A module has: export const ${exported} = (${model.input.map((f) => f.name).join(', ')}) => ({ ${model.output.map((f) => `${f.name}: …`).join(', ')} });`,
      cause,
    });
  if (path === '') throw wrong("the option 'file' names no module");
  if (load === undefined) throw wrong(`no module can be loaded here: '${path}'`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await load(path);
  } catch (thrown) {
    throw wrong(`the module '${path}' cannot be loaded: ${String((thrown as Error).message)}`, thrown);
  }
  const found = module[exported];
  if (typeof found === 'function') return found as PredictFunction;
  throw wrong(
    found === undefined
      ? `'${path}' exports no "${exported}", but ${Object.keys(module).join(', ') || 'nothing'}`
      : `"${exported}" of '${path}' is ${typeof found}, expected a function`,
  );
}

function called(predict: PredictFunction, model: ModelTable, input: Row): unknown {
  try {
    return (predict as (...args: unknown[]) => unknown)(
      ...input.map((value, i) => toJavaScript(value, model.input[i]!.type)),
    );
  } catch (thrown) {
    throw failed(model, `failed: ${String(thrown)}`, thrown);
  }
}

function rowsOf(answer: unknown, model: ModelTable): Row[] {
  if (answer === null || answer === undefined) return [];
  return (Array.isArray(answer) ? answer : [answer]).map((row) => rowOf(row, model));
}
function rowOf(row: unknown, model: ModelTable): Row {
  const names = model.output.map((f) => f.name);
  if (typeof row !== 'object' || row === null)
    throw failed(model, `gave ${String(row)}, expected an object with ${names.join(', ')}`, undefined);
  const unknown = Object.keys(row).find((key) => !names.includes(key));
  if (unknown !== undefined)
    throw failed(model, `gave "${unknown}", and its OUTPUT has ${names.join(', ')}`, undefined);
  return model.output.map(({ name, type }) => {
    const value = (row as Readonly<Record<string, unknown>>)[name];
    try {
      const given = fromJavaScript(value, type);
      if (given !== null || type.nullable) return given;
    } catch (thrown) {
      throw failed(model, `gave for "${name}": ${String((thrown as Error).message)}`, thrown);
    }
    throw failed(model, `gave no "${name}", which is NOT NULL`, undefined);
  });
}

function failed(model: ModelTable, what: string, cause: unknown): MillraceError {
  if (cause instanceof MillraceError && cause.code !== 'DATA2001') return cause;
  return new UserError('LIB2001', {
    message: `model "${model.path.object}" ${what}`,
    hint: cause === undefined ? undefined : 'The error of the program is the cause of this one.',
    cause,
  });
}

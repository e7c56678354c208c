/* A model as the session knows it: types resolved. Its provider is looked for when it is used. */

import { didYouMean, UserError } from '#base';
import {
  parseOptions,
  type ModelProvider,
  type ModelProviders,
  type ModelTable,
  type ObjectPath,
  type RawOption,
} from '#catalog';
import type { LogicalType } from '#data';
import type { CreateModel } from '#sql';

export interface ModelColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly comment: string | undefined;
}
export interface BoundModel {
  readonly path: ObjectPath;
  readonly input: readonly ModelColumn[];
  readonly output: readonly ModelColumn[];
  readonly options: readonly RawOption[];
  readonly temporary: boolean;
  readonly comment: string | undefined;
  /** What it is kept as. */
  readonly ast: CreateModel;
}

/** What its provider is told. */
export const modelTable = ({ path, input, output, options }: BoundModel): ModelTable => ({
  path,
  input: input.map(({ name, type }) => ({ name, type })),
  output: output.map(({ name, type }) => ({ name, type })),
  options: options.filter((o) => o.key !== 'provider'),
});

/** Those that a user may name, sorted: what a program adds for its own models begins with $. */
export const providerNames = (providers: ModelProviders): string[] =>
  [...providers.keys()].filter((name) => !name.startsWith('$')).sort();

/** Who runs the model. Throws CAT1003 where its options do not say, and CAT1004 where there is no such provider. */
export function providerOf({ path, options }: BoundModel, providers: ModelProviders): ModelProvider {
  const asked = options.find((o) => o.key === 'provider');
  const known = providerNames(providers);
  const list = `There are ${known.map((p) => `'${p}'`).join(', ')}.`;
  if (asked === undefined)
    throw new UserError('CAT1003', {
      message: `the model "${path.object}" has no option 'provider'`,
      hint: `ALTER MODEL ${path.object} SET ('provider' = …). ${list}`,
    });
  const found = providers.get(asked.value);
  if (found !== undefined) return found;
  const nearOne = didYouMean(asked.value, known);
  throw new UserError('CAT1004', {
    at: asked.at,
    message: `model "${path.object}": there is no provider '${asked.value}'`,
    hint: nearOne?.startsWith('Did') === true ? `${nearOne} ${list}` : list,
  });
}

/** Throws UserError for options that the provider does not take. */
export function checkModelOptions({ path, options }: ModelTable, provider: ModelProvider): void {
  const owner = `model "${path.object}" of the provider '${provider.name}'`;
  parseOptions({ owner, specs: provider.options }, options);
}

/* The arguments of ML_PREDICT: a table, a model, a descriptor and settings, by place or as name => value. */

import { didYouMean, UserError, type Span } from '#base';
import { parseDurationMs } from '#catalog';
import type { PredictConfig } from '../logical/nodes/predict.ts';
import type { DescriptorExpression, Expression, FunctionCall, ModelArgument, TableArgument } from '#sql';

const parameters = ['INPUT', 'MODEL', 'ARGS', 'CONFIG'] as const;
type Parameter = (typeof parameters)[number];
const usage =
  "Write ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(a, b), MAP['async', 'true']); the map may be left out.";

export interface PredictArguments {
  readonly table: TableArgument;
  readonly model: ModelArgument;
  readonly features: DescriptorExpression;
  readonly config: PredictConfig;
}

export const wrongArgument = (at: Span, message: string, hint = usage): UserError =>
  new UserError('SQL4001', { at, message, hint });

/** Throws SQL4001. */
export function predictArguments(call: FunctionCall): PredictArguments {
  const found = new Map<Parameter, Expression>();
  call.args.forEach((arg, i) => {
    const written = arg.kind === 'named' ? arg.name.text.toUpperCase() : parameters[i];
    const key = parameters.find((p) => p === written);
    if (key === undefined)
      throw wrongArgument(
        arg.span,
        written === undefined
          ? `ML_PREDICT takes at most ${parameters.length} arguments`
          : `ML_PREDICT has no parameter ${written}`,
      );
    if (found.has(key)) throw wrongArgument(arg.span, `ML_PREDICT: ${key} is given twice`);
    const value = arg.kind === 'named' ? arg.value : arg;
    // DEFAULT leaves an argument out.
    if (value.kind !== 'null') found.set(key, value);
  });
  const need = <K extends Expression['kind']>(
    key: Parameter,
    kind: K,
    what: string,
  ): Extract<Expression, { kind: K }> => {
    const value = found.get(key);
    if (value?.kind === kind) return value as Extract<Expression, { kind: K }>;
    throw wrongArgument(
      value?.span ?? call.span,
      value === undefined ? `ML_PREDICT needs ${key}: ${what}` : `${key} of ML_PREDICT must be ${what}`,
    );
  };
  const table = need('INPUT', 'table-argument', 'a table, as TABLE t or (SELECT …)');
  if (table.partitionBy.length + table.orderBy.length > 0)
    throw wrongArgument(
      table.span,
      'Only tables with set semantics may be partitioned or ordered, and ML_PREDICT takes each row by itself',
    );
  return {
    table,
    model: need('MODEL', 'model-argument', 'a model, as MODEL m'),
    features: need('ARGS', 'descriptor', 'the columns that the model is given, as DESCRIPTOR(a, b)'),
    config: configOf(found.get('CONFIG')),
  };
}

const configKeys = ['async', 'max-concurrent-operations', 'output-mode', 'timeout'];

function configOf(value: Expression | undefined): PredictConfig {
  const entries = value === undefined ? new Map<string, ConfigEntry>() : constantMap(value);
  for (const [key, { at }] of entries)
    if (!configKeys.includes(key))
      throw wrongArgument(
        at,
        `CONFIG of ML_PREDICT has no key '${key}'`,
        didYouMean(key, configKeys) ?? `There are ${configKeys.map((k) => `'${k}'`).join(', ')}.`,
      );
  const read = <T>(key: string, parse: (text: string) => T | undefined, expected: string): T | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    const parsed = parse(entry.text);
    if (parsed !== undefined) return parsed;
    throw wrongArgument(entry.at, `CONFIG of ML_PREDICT: '${key}' is '${entry.text}', expected ${expected}`);
  };
  return {
    async: read('async', (t) => ({ true: true, false: false })[t.toLowerCase()], 'true or false'),
    outputMode: read(
      'output-mode',
      (t) => (['ORDERED', 'ALLOW_UNORDERED'] as const).find((m) => m === t.toUpperCase()),
      'ORDERED or ALLOW_UNORDERED',
    ),
    concurrent: read(
      'max-concurrent-operations',
      (t) => (/^\+?0*[1-9]\d{0,8}$/.test(t.trim()) ? Number(t) : undefined),
      'a number greater than 0',
    ),
    timeoutMs: read(
      'timeout',
      (t) => (parseDurationMs(t) ?? 0) || undefined,
      "a duration above 0, such as '30 s'",
    ),
  };
}

interface ConfigEntry {
  readonly text: string;
  readonly at: Span;
}
function constantMap(value: Expression): Map<string, ConfigEntry> {
  if (value.kind !== 'map')
    throw wrongArgument(
      value.span,
      "CONFIG of ML_PREDICT must be a MAP of constants, as MAP['async', 'true']",
    );
  const text = (e: Expression): string => {
    if (e.kind === 'string') return e.value;
    throw wrongArgument(e.span, 'CONFIG of ML_PREDICT must be a MAP of constant texts');
  };
  const { items } = value;
  return new Map(
    items.flatMap((key, i) =>
      i % 2 === 0 && i + 1 < items.length
        ? [[text(key), { text: text(items[i + 1]!), at: key.span }] as const]
        : [],
    ),
  );
}

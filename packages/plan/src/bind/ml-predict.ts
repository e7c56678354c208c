/* FROM ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(a, b)): each row of the table with what the model answers for these columns. */

import { didYouMean, UserError } from '#base';
import { typeText } from '#data';
import { canCastImplicitly, castTo, type Expr } from '#expr';
import type { FunctionCall, Identifier, TableArgument } from '#sql';
import type { BoundModel } from '../logical/model.ts';
import { predict } from '../logical/nodes/predict.ts';
import { modelRunsAt } from '../logical/model-runs.ts';
import type { Rel } from '../logical/rel.ts';
import { predictArguments, wrongArgument } from './predict-arguments.ts';
import type { Session } from './session.ts';

/** Functions of models that Flink has the names of and no more: it finds no plan for the first, and no function of the other
 *  name. */
const withoutPlan = {
  ML_EVALUATE: 'Flink reads the call and finds no plan for it',
  ML_TRAIN: 'Flink has no function of this name',
} as const;

export const modelFunctions = ['ML_PREDICT'] as const;

/** What the call gives, or undefined when it is none of a model. `tableOf` binds the table that it reads. */
export function bindPredict(
  call: FunctionCall,
  session: Session,
  tableOf: (argument: TableArgument) => Rel,
): Rel | undefined {
  const [written, ...more] = call.name;
  const name = more.length > 0 ? '' : written!.text.toUpperCase();
  if (name === 'ML_EVALUATE' || name === 'ML_TRAIN')
    throw new UserError('SQL9001', {
      at: call.span,
      message: `${name} is not supported, in Flink neither: ${withoutPlan[name]}`,
      hint: 'ML_PREDICT asks a model; aggregates over its answers and the right ones, as AVG(ABS(y - predicted)), say how good it is.',
    });
  if (name !== 'ML_PREDICT') return undefined;
  const args = predictArguments(call);
  const input = tableOf(args.table);
  const model = session.models.get(session.path(args.model.name), args.model.span);
  const given = features(args.features.columns, model, input, call);
  modelRunsAt(model, args.config, session.models.providers, args.model.span);
  const rel = predict(input, model, given, args.config);
  const names = rel.fields.map((f) => f.name);
  const twice = names.find((n, i) => names.indexOf(n) < i);
  if (twice === undefined) return rel;
  throw wrongArgument(
    call.span,
    `Field names must be unique. Found duplicates: [${twice}]`,
    `Name the column "${twice}" of the table otherwise: ML_PREDICT((SELECT … AS … FROM …), …).`,
  );
}

/** The columns that the model is given, as the types that it takes. */
function features(
  columns: readonly Identifier[],
  { input: wanted, path }: BoundModel,
  input: Rel,
  call: FunctionCall,
): Expr[] {
  if (columns.length !== wanted.length)
    throw wrongArgument(
      columns[0]?.span ?? call.span,
      `Number of descriptor columns (${columns.length}) does not match model input size (${wanted.length})`,
      wanted.length === 0
        ? `The model "${path.object}" has no INPUT: make it with INPUT (…) OUTPUT (…).`
        : `The model "${path.object}" takes ${wanted.map((w) => `${w.name} ${typeText(w.type)}`).join(', ')}.`,
    );
  const names = input.fields.map((f) => f.name);
  return columns.map(({ text, span }, i) => {
    const index = names.indexOf(text);
    if (index < 0)
      throw wrongArgument(
        span,
        `Descriptor column '${text}' not found in table columns. Available columns: ${names.join(', ')}`,
        didYouMean(text, names),
      );
    const { type } = input.fields[index]!;
    const target = wanted[i]!.type;
    const column: Expr = { kind: 'column', index, type };
    const castable = canCastImplicitly(type, target);
    if (castable && (target.nullable || !type.nullable))
      return castTo(column, { ...target, nullable: type.nullable }, { implicit: true, at: span });
    throw wrongArgument(
      span,
      `Descriptor column '${text}' type ${typeText(type)} cannot be assigned to model input type ${typeText(target)} at position ${i}`,
      castable
        ? `It may be NULL: COALESCE(${text}, …) in a query, as in ML_PREDICT((SELECT …), …), says what stands for that.`
        : `CAST it in a query: ML_PREDICT((SELECT …, CAST(${text} AS ${typeText({ ...target, nullable: true })}) AS ${text} …), …).`,
    );
  });
}

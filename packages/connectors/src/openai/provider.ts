/* The provider openai: models behind OpenAI's chat completions and embeddings, or any service that speaks their protocol. */

import { UserError } from '#base';
import type { ModelProvider, ModelTable } from '#catalog';
import { typeText, types, withNullable, type Field, type LogicalType } from '#data';
import { openaiOptions, openaiOptionSpecs, type Task } from './options.ts';

const outputs: Readonly<Record<Task, LogicalType>> = {
  'chat/completions': types.STRING,
  embeddings: types.array(types.FLOAT),
};

export const openaiProvider: ModelProvider = {
  name: 'openai',
  options: openaiOptionSpecs,
  traits: (model) => {
    const { task } = openaiOptions(model);
    onlyColumn(model, model.input, 'input', types.STRING);
    onlyColumn(model, model.output, 'output', outputs[task]);
    return { sync: false, async: true };
  },
  load: async () => (await import('./runtime.ts')).openaiRuntime,
};

/** Throws MDL1002 unless there is one column, of this type. */
function onlyColumn(
  { path }: ModelTable,
  columns: readonly Field[],
  what: 'input' | 'output',
  type: LogicalType,
): void {
  const wrong = (message: string): UserError =>
    new UserError('MDL1002', {
      message: `model "${path.object}": ${message}`,
      hint: `Make it with ${what.toUpperCase()} (${columns[0]?.name ?? 'text'} ${typeText(type)}).`,
    });
  const [column, ...more] = columns;
  if (column === undefined || more.length > 0)
    throw wrong(
      `Model should have exactly one ${what} physical column, but actually has ${columns.length} physical columns: [${columns.map((c) => c.name).join(', ')}]`,
    );
  if (typeText(column.type) === typeText(withNullable(type, true))) return;
  throw wrong(`${what} column ${column.name} should be ${typeText(type)}, but is a ${typeText(column.type)}`);
}

/* CREATE MODEL: columns typed, options without repetition. Whether its provider can run it shows when it is used, as in Flink. */

import { UserError } from '#base';
import type { CreateModel, ModelColumn as WrittenColumn } from '#sql';
import { providerNames, type BoundModel, type ModelColumn } from '../logical/model.ts';
import { mergeOptions } from './create-table.ts';
import { bindType } from './data-types.ts';
import type { Session } from './session.ts';

/** Throws for anything that Flink would refuse. Changes nothing. */
export function bindCreateModel(node: CreateModel, session: Session): BoundModel {
  const name = node.name.at(-1)!;
  if (node.options.length === 0)
    throw new UserError('CAT1003', {
      at: name.span,
      message: `the model "${name.text}" has no options: they cannot be empty`,
      hint: `Add WITH ('provider' = …): ${providerNames(session.models.providers)
        .map((p) => `'${p}'`)
        .join(', ')}.`,
    });
  return {
    path: session.path(node.name),
    input: bindColumns(node.input, 'input'),
    output: bindColumns(node.output, 'output'),
    options: mergeOptions(node.options),
    temporary: node.temporary,
    comment: node.comment,
    ast: node,
  };
}

function bindColumns(columns: readonly WrittenColumn[], what: string): ModelColumn[] {
  const twice = columns.find((c, i) => columns.findIndex((d) => d.name.text === c.name.text) < i);
  if (twice !== undefined)
    throw new UserError('CAT2006', {
      at: twice.name.span,
      message: `the ${what} column "${twice.name.text}" is there twice`,
    });
  return columns.map((c) => ({ name: c.name.text, type: bindType(c.type), comment: c.comment }));
}

/* Changes of a schema that a person asks for: a field more, a field less, another name. */

import { didYouMean, UserError } from '#base';

export type SchemaEdit =
  /** `type`: as the schema's type writes it. `default`: JSON; without, the field may be missing. */
  | {
      readonly kind: 'add';
      readonly name: string;
      readonly type: string;
      readonly default: string | undefined;
    }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string };

export const editError = (message: string, hint?: string): UserError =>
  new UserError('SCH1007', { message, hint });
export function noField(name: string, names: readonly string[]): UserError {
  return editError(`there is no field "${name}"`, didYouMean(name, names));
}
export const isThere = (name: string): UserError => editError(`there is a field "${name}" already`);

/* Which tables get further columns while a job runs (`millrace.schema.evolution` = add-columns): those whose records name
 * their fields. */

import { UserError } from '#base';
import type { Options } from '#catalog';
import { evolutionKey } from './drift-watch.ts';

/** A source of the table asks for columns for fields that it has none for. `named`: the formats whose records have names.
 *  Throws `code` for another one. */
export function asksForColumns(
  options: Options,
  {
    format,
    named,
    code,
  }: { readonly format: string; readonly named: readonly string[]; readonly code: string },
): boolean {
  if (options.enum(evolutionKey) !== 'add-columns') return false;
  if (named.includes(format)) return true;
  throw new UserError(code, {
    at: options.at(evolutionKey),
    message: `option '${evolutionKey}': 'add-columns' is not for the format '${format}'`,
    hint: `It is for ${named.join(', ')}, whose records name their fields; 'warn' tells of what differs.`,
  });
}

/** Whoever reads what is written into the table finds further columns by themselves. A schema of the table's own is none that
 *  its columns give. `prefix`: of the format's options. */
export const takesColumns = (
  options: Options,
  {
    format,
    named,
    prefix,
  }: { readonly format: string; readonly named: readonly string[]; readonly prefix: string },
): boolean => named.includes(format) && !options.has(`${prefix}schema`);

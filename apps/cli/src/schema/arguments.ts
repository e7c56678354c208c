/* The names behind `millrace schema ACTION`. */

import { UserError } from '#base';

/** Throws CLI1001 where there are fewer or more names than asked for. */
export function takeNames(
  action: string,
  names: readonly string[],
  wanted: readonly string[],
): readonly string[] {
  if (names.length === wanted.length) return names;
  throw new UserError('CLI1001', {
    message: `schema ${action}: found ${names.length === 0 ? 'no name' : names.join(' ')}, expected ${wanted.join(' ')}`,
    hint: `millrace schema ${action} ${wanted.join(' ')}`,
  });
}

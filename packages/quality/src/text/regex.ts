/* Patterns as Python writes them, for JavaScript: for those that RE2 cannot run. */

import { UserError } from '#base';

/** Throws QLT1005 for a pattern that cannot be read. */
export function pythonRegex(pattern: string): RegExp {
  let flags = '';
  const text = pattern
    .replace(/^\(\?([aiLmsux]+)\)/, (_, options: string) => {
      flags = [...options].filter((o) => 'ims'.includes(o)).join('');
      return '';
    })
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
  try {
    return new RegExp(text, flags);
  } catch (cause) {
    throw new UserError('QLT1005', {
      message: `the pattern ${JSON.stringify(pattern)} cannot be read: ${(cause as Error).message}`,
      cause,
    });
  }
}

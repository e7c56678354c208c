/* Secrets in option values: `${env:NAME}` and `${file:PATH:KEY}` (a file of KEY=VALUE lines). A connector
 * resolves them at the moment of use and passes the result to nothing that prints, plans or stores. */

import { readFileSync } from 'node:fs';
import { UserError } from '#base';

const reference = /\$\{(env|file):([^}]*)\}/g;

/** `value` with its references replaced. Throws SEC1001 naming the reference, never a secret. */
export function resolveSecrets(value: string): string {
  return value.replace(reference, (whole, kind: string, rest: string) =>
    kind === 'env' ? fromEnvironment(rest, whole) : fromFile(rest, whole),
  );
}

export const hasSecrets = (value: string): boolean => value.search(reference) >= 0;

function fromEnvironment(name: string, whole: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new UserError('SEC1001', { message: `${whole}: the environment has no variable '${name}'` });
}

function fromFile(rest: string, whole: string): string {
  const colon = rest.lastIndexOf(':');
  if (colon < 0) throw new UserError('SEC1001', { message: `${whole}: expected \${file:PATH:KEY}` });
  const path = rest.slice(0, colon);
  const key = rest.slice(colon + 1);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError('SEC1001', { message: `${whole}: cannot read '${path}'`, cause });
  }
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith('#') && line.slice(0, equals).trim() === key)
      return line.slice(equals + 1).trim();
  }
  throw new UserError('SEC1001', { message: `${whole}: '${path}' has no line '${key}='` });
}

/* What changed between two schemas, an element a line. */

import type { ParsedSchema } from './parsed-schema.ts';

export interface SchemaChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Empty for the schema itself. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** In the order of the new schema; what was removed comes last. */
export function schemaDiff(before: ParsedSchema, after: ParsedSchema): SchemaChange[] {
  const [old, now] = [before.outline(), after.outline()];
  const changes: SchemaChange[] = [];
  for (const [path, line] of now) {
    const was = old.get(path);
    if (was === undefined) changes.push({ change: 'added', path, before: undefined, after: line });
    else if (was !== line) changes.push({ change: 'changed', path, before: was, after: line });
  }
  for (const [path, line] of old)
    if (!now.has(path)) changes.push({ change: 'removed', path, before: line, after: undefined });
  return changes;
}

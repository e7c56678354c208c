/* The options of a table's format, and the files that they name. */

import { readFileSync } from 'node:fs';
import type { Options } from '#catalog';
import type { Field } from '#data';
import { FormatOptions, type FormatDescriptor } from '#formats';

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export const formatOptionsOf = (options: Options, prefix: string): FormatOptions =>
  new FormatOptions(options, prefix, readFile);

/** Throws what the format refuses of a field, where that hangs on no schema. */
export function checkFieldOf(
  { needsNoSchema, decoder, encoder }: FormatDescriptor,
  field: Field,
  options: FormatOptions,
  use: 'read' | 'write',
): void {
  if (needsNoSchema !== true) return;
  if (use === 'read') decoder?.([field], options);
  else encoder?.([field], options);
}

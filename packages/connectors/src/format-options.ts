/* The options of a table's format, and the files that they name. */

import { readFileSync } from 'node:fs';
import type { Options } from '#catalog';
import { FormatOptions } from '#formats';

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export const formatOptionsOf = (options: Options, prefix: string): FormatOptions =>
  new FormatOptions(options, prefix, readFile);

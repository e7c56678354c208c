/* Messages that are cells between delimiters, with a text for NULL: csv, COPY. */

import { isValid, type Cell } from './cell.ts';
import type { Out } from './out.ts';

export function writeDelimited(out: Out, cells: readonly Cell[], delimiter: string, nullText: string): void {
  cells.forEach((cell, i) => {
    if (i > 0) out.bytes(delimiter);
    out.choose(
      isValid(out, cell),
      () => cell.write(out, cell),
      () => out.bytes(nullText),
    );
  });
}

/* Functions that block encoders call. */

import type { FunctionRef, ModuleBuilder } from '#wasm';
import { addDigits, type DigitHelpers } from './digits.ts';
import { addCopy, addUnits } from './text.ts';
import { addTime, type TimeHelpers } from './time.ts';

export interface BlockHelpers extends DigitHelpers, TimeHelpers {
  /** A text function: as it is. */
  readonly copy: FunctionRef;
  /** A text function: as the format writes strings. */
  readonly text: FunctionRef;
}

/** What differs from format to format. */
export interface TextStyle {
  /** Between date and time. */
  readonly separator: ' ' | 'T';
  /** Adds the text function for strings. `units`: see addUnits. */
  addText(
    m: ModuleBuilder,
    helpers: { readonly copy: FunctionRef; readonly units: FunctionRef },
  ): FunctionRef;
}

/** `cache`: see addTime. */
export function addHelpers(m: ModuleBuilder, style: TextStyle, cache: number): BlockHelpers {
  const copy = addCopy(m);
  return {
    ...addDigits(m),
    ...addTime(m, cache, style.separator),
    copy,
    text: style.addText(m, { copy, units: addUnits(m) }),
  };
}

/* All families of functions. Adding a function touches its family's file only. */

import { arithmetic } from './arithmetic.ts';
import { bitmaps } from './bitmap.ts';
import { collections } from './collection.ts';
import { comparison } from './comparison.ts';
import { conditional } from './conditional.ts';
import { conversion } from './conversion.ts';
import { hashes } from './hash.ts';
import { jsons } from './json.ts';
import { logic } from './logic.ts';
import { networks } from './network.ts';
import { numbers } from './numeric.ts';
import { regexes } from './regex.ts';
import { strings } from './string.ts';
import { structureds } from './structured.ts';
import { addFunctions } from './table.ts';
import { temporals } from './temporal.ts';
import { temporalOperators } from './temporal-arithmetic.ts';
import { temporalRoundings } from './temporal-rounding.ts';
import { temporalTexts } from './temporal-text.ts';
import { variants } from './variant.ts';

const families = [
  comparison,
  logic,
  arithmetic,
  numbers,
  strings,
  networks,
  regexes,
  temporals,
  temporalOperators,
  temporalRoundings,
  temporalTexts,
  conditional,
  conversion,
  jsons,
  variants,
  collections,
  structureds,
  bitmaps,
  hashes,
];
for (const family of families) addFunctions(family);

export { addFunctions, allFunctions, functionNames, lookupFunction } from './table.ts';

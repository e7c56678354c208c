/* docs/bad-data.md: the options of any table, of what becomes of its bad and late rows. */

import { badRowsSpecs } from '#plan';
import { pageWithOptions } from './option-tables.ts';

export const badDataDoc = (): string => pageWithOptions('docs/bad-data.md', [badRowsSpecs]);

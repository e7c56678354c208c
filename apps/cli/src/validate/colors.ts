/* Colours of results on standard output: as those of the terminal, which has red for errors alone. */

import pc from 'picocolors';
import { isColored } from '../terminal.ts';

const colors = pc.createColors(isColored());
export const red = colors.red;
export const yellow = colors.yellow;

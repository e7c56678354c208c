/* All mistakes. */

import type { Break } from './break.ts';
import { brokerBreaks } from './broker-breaks.ts';
import { byteBreaks } from './byte-breaks.ts';
import { dialectBreaks } from './dialect-breaks.ts';
import { diskBreaks } from './disk-breaks.ts';
import { durabilityBreaks } from './durability-breaks.ts';
import { engineBreaks } from './engine-breaks.ts';
import { joinBreaks } from './join-breaks.ts';
import { letterBreaks } from './letter-breaks.ts';
import { matchBreaks } from './match-breaks.ts';
import { modelBreaks } from './model-breaks.ts';
import { overBreaks } from './over-breaks.ts';
import { processBreaks } from './process-breaks.ts';
import { runBreaks } from './run-breaks.ts';
import { scanBreaks } from './scan-breaks.ts';
import { setBreaks } from './set-breaks.ts';

export const allBreaks: readonly Break[] = [
  ...brokerBreaks,
  ...byteBreaks,
  ...dialectBreaks,
  ...diskBreaks,
  ...durabilityBreaks,
  ...engineBreaks,
  ...joinBreaks,
  ...letterBreaks,
  ...matchBreaks,
  ...modelBreaks,
  ...overBreaks,
  ...processBreaks,
  ...runBreaks,
  ...scanBreaks,
  ...setBreaks,
];

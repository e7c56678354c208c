/* The threads that jobs of the command run in. */

import type { ThreadHost } from '#base';
import { workerThreads } from '#host';

export const threads = (): ThreadHost =>
  workerThreads(new URL('../../thread/src/thread.ts', import.meta.url));

/* For threads.test.ts: a thread that opens its share and dies as soon as it is to run. */

import { ownPort } from '#host';
import type { ToShare } from '../src/runtime/threads/messages.ts';

const port = ownPort();
port.onMessage((message) => {
  const asked = message as ToShare;
  if (asked.kind === 'ask')
    port.post({ kind: 'answer', id: asked.id, answer: { sinks: false, sources: false } });
  // As a crash of the runtime: nothing is reported.
  if (asked.kind === 'run') process.exit(9);
});

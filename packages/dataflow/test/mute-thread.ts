/* For threads.test.ts: a thread that never comes to the end of opening, and closes when it is asked to. */

import { ownPort } from '#host';
import type { ToShare } from '../src/runtime/threads/messages.ts';

const port = ownPort();
port.onMessage((message) => {
  const asked = message as ToShare;
  if (asked.kind === 'ask' && asked.question === 'close')
    port.post({ kind: 'answer', id: asked.id, answer: { metrics: [], blockedMs: 0 } });
});

/* What ends a command before its time: SIGINT, SIGTERM, the terminal that was closed (SIGHUP), and a reader of standard
 * output that went away. The first stops cleanly, a second signal ends at once. */

import { onReaderGone, readerGone } from './terminal.ts';

export interface StopWatch {
  /** Something asked to stop. */
  readonly stopped: boolean;
  /** What the command ends with if nothing went wrong: 130 after a signal; 0 when the reader had enough. */
  readonly code: number;
  off(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `stop` once, at the first of them. */
export function onStop(stop: () => Promise<void>): StopWatch {
  let signalled = false;
  let stopping = false;
  const start = (): void => {
    if (stopping) return;
    stopping = true;
    stop().catch(() => {
      process.exit(130);
    });
  };
  const onSignal = (): void => {
    if (signalled) process.exit(130);
    signalled = true;
    start();
  };
  for (const signal of signals) process.on(signal, onSignal);
  const offReader = onReaderGone(start);
  if (readerGone()) start();
  return {
    get stopped() {
      return stopping;
    },
    get code() {
      return signalled ? 130 : 0;
    },
    off() {
      for (const signal of signals) process.off(signal, onSignal);
      offReader();
    },
  };
}

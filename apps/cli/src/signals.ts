/* SIGINT and SIGTERM: the first stops cleanly, the second ends at once. */

export interface SignalWatch {
  readonly stopped: boolean;
  off(): void;
}

export function onSignal(stop: () => Promise<void>): SignalWatch {
  let stopped = false;
  const handler = (): void => {
    if (stopped) process.exit(130);
    stopped = true;
    stop().catch(() => {
      process.exit(130);
    });
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    get stopped() {
      return stopped;
    },
    off() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}

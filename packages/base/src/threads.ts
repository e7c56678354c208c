/* Other threads, as the engine sees them: messages there and back. The real ones are in `host`. */

/** One end of the messages between two threads. */
export interface ThreadPort {
  /** A structured clone of `message` goes over; the buffers in `transfer` go whole and are gone here. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Called once, before anything is posted to this end. */
  onMessage(take: (message: unknown) => void): void;
}

export interface Thread extends ThreadPort {
  /** Called when it has ended without being asked to, with the reason. */
  onLost(lost: (reason: Error) => void): void;
  /** Ends it, whatever it does. */
  end(): Promise<void>;
}

/** Starts threads of the program. */
export interface ThreadHost {
  start(name: string): Thread;
}

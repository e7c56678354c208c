/* The contract of the forms in which a result is written. */

import type { Field } from '#data';
import type { Change } from '#engine';

export interface ResultShape {
  readonly fields: readonly Field[];
  /** Each change shows its kind: the result changes rows that it gave. */
  readonly kinds: boolean;
  /** Zone of TIMESTAMP_LTZ. */
  readonly zone: string;
}

export interface ResultWriter {
  /** The text of these changes, line ends included; a writer may keep some back. */
  take(changes: readonly Change[]): string;
  /** What was kept back: nothing more comes for a while. */
  pause(): string;
  /** The rest. */
  end(): string;
}

/** A writer that writes every row at once. */
export function rowWriter(head: string, line: (change: Change, index: number) => string): ResultWriter {
  let begun = false;
  let index = 0;
  const first = (): string => {
    if (begun) return '';
    begun = true;
    return head;
  };
  return {
    take(changes) {
      let text = first();
      for (const change of changes) text += line(change, index++);
      return text;
    },
    pause: () => '',
    end: first,
  };
}

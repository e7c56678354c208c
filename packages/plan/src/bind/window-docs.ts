/* What the functions of windows take: for lists of functions and completion. */

import { windowFunctions } from './window-functions.ts';

export interface WindowFunctionDoc {
  readonly name: string;
  /** Its forms, as they are written. */
  readonly takes: readonly string[];
  readonly doc: string;
}

type WindowName = (typeof windowFunctions)[number];

const windows: Readonly<Record<WindowName, Omit<WindowFunctionDoc, 'name'>>> = {
  TUMBLE: {
    takes: ['TUMBLE(TABLE t, DESCRIPTOR(time), size[, offset])', 'TUMBLE(time, size[, offset])'],
    doc: 'Fixed windows back to back: in FROM TABLE(…), which adds window_start, window_end and window_time, or in GROUP BY.',
  },
  HOP: {
    takes: ['HOP(TABLE t, DESCRIPTOR(time), slide, size[, offset])', 'HOP(time, slide, size[, offset])'],
    doc: 'Windows that overlap, one begins every slide: in FROM TABLE(…) or in GROUP BY.',
  },
  CUMULATE: {
    takes: ['CUMULATE(TABLE t, DESCRIPTOR(time), step, size[, offset])'],
    doc: 'Windows that grow by a step up to their size: in FROM TABLE(…).',
  },
  SESSION: {
    takes: ['SESSION(TABLE t [PARTITION BY key], DESCRIPTOR(time), gap)', 'SESSION(time, gap)'],
    doc: 'Windows that end when nothing came for the gap: in FROM TABLE(…) or in GROUP BY.',
  },
};

const properties = {
  START: 'First moment of the window',
  END: 'First moment behind the window',
  ROWTIME: 'Last moment of the window, as an event time for further windows',
  PROCTIME: 'A processing time for further windows',
};

export const windowFunctionDocs: readonly WindowFunctionDoc[] = windowFunctions.flatMap((name) => {
  const groupForm = windows[name].takes.find((form) => !form.includes('TABLE'));
  const ofGroup = Object.entries(properties).map(([property, doc]) => ({
    name: `${name}_${property}`,
    takes: groupForm === undefined ? [] : [groupForm.replace('(', `_${property}(`)],
    doc: `${doc} that GROUP BY ${name} with the same arguments makes.`,
  }));
  return [{ name, ...windows[name] }, ...(groupForm === undefined ? [] : ofGroup)];
});

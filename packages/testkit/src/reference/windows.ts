/* Which windows hold a time: all starts near it are tried. Times in ms; a window goes from its start to before its end. */

import { instant, type Value } from '#data';
import type { WindowProperty, WindowShape } from '#job';

export interface Window {
  readonly start: number;
  readonly end: number;
}

/** The first multiple of `step` plus `offset` that is not above `time`. */
function aligned(time: number, step: number, offset: number): number {
  let start = Math.floor(time / step) * step + (offset % step);
  while (start > time) start -= step;
  while (start + step <= time) start += step;
  return start;
}

/** Those that hold `time`, by their ends. */
export function windowsOf(shape: WindowShape, time: number): Window[] {
  const { offsetMs } = shape;
  switch (shape.kind) {
    case 'tumble': {
      const start = aligned(time, shape.sizeMs, offsetMs);
      return [{ start, end: start + shape.sizeMs }];
    }
    case 'hop': {
      const windows: Window[] = [];
      const { sizeMs, slideMs } = shape;
      for (let start = aligned(time, slideMs, offsetMs); start + sizeMs > time; start -= slideMs)
        windows.unshift({ start, end: start + sizeMs });
      return windows;
    }
    case 'cumulate': {
      const windows: Window[] = [];
      const start = aligned(time, shape.sizeMs, offsetMs);
      for (let end = start + shape.stepMs; end <= start + shape.sizeMs; end += shape.stepMs)
        if (time < end) windows.push({ start, end });
      return windows;
    }
  }
}

/** A window that closes at the watermark 1 ms in front of its end has fired. */
export const hasFired = (end: number, watermark: number): boolean => end - 1 <= watermark;

export const propertiesOf = (properties: readonly WindowProperty[], { start, end }: Window): Value[] =>
  properties.map((p) => instant(p === 'start' ? start : p === 'end' ? end : end - 1));

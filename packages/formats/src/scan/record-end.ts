/* The last check of a record: text that is not ASCII must be UTF-8. */

import { i32, v128, type Expr, type Label } from '#wasm';
import type { Emit } from './emit.ts';
import { head } from './frame.ts';

/** Text vectors reach into what follows the record, so this may look without need; it never misses. */
export function endRecord(e: Emit, start: Expr<'i32'>, bad: Label): void {
  const { f } = e;
  const flag = i32.const(e.head);
  f.if(i32.or(v128.bitmask8(e.seenText), i32.load(flag, head.wide)), () => {
    f.store(flag, i32.const(0), head.wide);
    f.set(e.seenText, v128.const([]));
    f.breakIf(bad, i32.eqz(f.call(e.shared.utf8, 'i32', start, e.end)));
  });
}

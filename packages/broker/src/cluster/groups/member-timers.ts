/* Timers of members: one of each kind for each member at most. */

import type { Timer, World } from '#base';

export class MemberTimers<Kind extends string> {
  readonly #world: World;
  readonly #timers = new Map<string, Map<Kind, Timer>>();

  constructor(world: World) {
    this.#world = world;
  }
  /** In place of the one that was set before. */
  set(kind: Kind, member: string, afterMs: number, fire: () => void): void {
    this.cancel(kind, member);
    const timer = this.#world.after(afterMs, () => {
      this.cancel(kind, member);
      fire();
    });
    const timers = this.#timers.get(member) ?? new Map<Kind, Timer>();
    this.#timers.set(member, timers.set(kind, timer));
  }
  has(kind: Kind, member: string): boolean {
    return this.#timers.get(member)?.has(kind) === true;
  }
  cancel(kind: Kind, member: string): void {
    const timers = this.#timers.get(member);
    timers?.get(kind)?.cancel();
    timers?.delete(kind);
    if (timers?.size === 0) this.#timers.delete(member);
  }
  cancelAll(member: string): void {
    for (const timer of this.#timers.get(member)?.values() ?? []) timer.cancel();
    this.#timers.delete(member);
  }
  close(): void {
    for (const member of [...this.#timers.keys()]) this.cancelAll(member);
  }
}

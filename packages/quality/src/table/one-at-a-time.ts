/* Runs work in the order in which it came, one piece after the other: a connection takes one statement at a time. */

export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** What the work gives; one that failed stops none behind it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

/* Producer ids: each is given once, whatever happens. They are taken from the journal in blocks, as Kafka's brokers take
 * them from the controller; what is left of a block is lost with a restart. */

import { journalKey, journalOf, type Journal } from '../journal.ts';

const blockSize = 1000;

export class ProducerIds {
  readonly #journal: Journal;
  #next: number;
  #end: number;

  constructor(journal: Journal) {
    this.#journal = journal;
    let end = 0;
    for (const [, value] of journalOf(journal, 'producer-ids')) end = value as number;
    this.#next = this.#end = end;
  }
  take(): number {
    if (this.#next === this.#end) {
      this.#end += blockSize;
      this.#journal.put(journalKey('producer-ids'), this.#end);
    }
    return this.#next++;
  }
}

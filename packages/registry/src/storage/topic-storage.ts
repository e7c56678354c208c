/* Records in a Kafka topic, compacted, of one partition: `_schemas`, which registries of Confluent's read and write too.
 * Several registries may share it.
 *
 *   a read of the topic goes on for ever ──▶ apply
 *   exclusively: claim the topic ──▶ read up to the claim ──▶ work ──▶ append, read up to what was appended
 *
 * A claim fences whoever wrote before: its next write is refused, it claims anew, and decides again by what it then reads. */

import type { LogRecord } from '../state/log-records.ts';
import { Turns, type Append, type Apply, type SchemaStorage } from './storage.ts';

/** What the storage asks of a topic; offsets grow. The connector package has one over any Kafka. */
export interface SchemaTopic {
  /** Makes the topic where it is missing. Reads every record from the first on, for ever; resolves once those that were
   *  there are read. */
  read(reader: TopicReader): Promise<void>;
  /** From now on writers before are refused. Resolves to the offset of a record that says so. */
  claim(record: LogRecord): Promise<number>;
  /** Resolves to the record's offset, or undefined when another writer claimed the topic. */
  append(record: LogRecord): Promise<number | undefined>;
  /** The offset that the next record gets. */
  end(): Promise<number>;
  close(): Promise<void>;
}
export interface TopicReader {
  onRecord(record: LogRecord): void;
  /** Everything in front of this offset was read; some offsets have no record. */
  onProgress(nextOffset: number): void;
  /** The reading ended for good. */
  onFailure(failure: unknown): void;
}
/** Work that loses the topic again and again is given up after so many tries. */
const triesMax = 10;

class ClaimLost extends Error {}

export class TopicStorage implements SchemaStorage {
  readonly #topic: SchemaTopic;
  readonly #claimRecord: LogRecord;
  readonly #turns = new Turns();
  #claimed = false;
  /** Everything up to this offset is applied. */
  #applied = -1;
  #failure: unknown;
  readonly #waiting = new Set<() => void>();

  constructor(topic: SchemaTopic, claimRecord: LogRecord) {
    this.#topic = topic;
    this.#claimRecord = claimRecord;
  }
  async open(apply: Apply): Promise<void> {
    await this.#topic.read({
      onRecord: apply,
      onProgress: (nextOffset) => {
        this.#applied = nextOffset - 1;
        this.#wake();
      },
      onFailure: (failure) => {
        this.#failure = failure;
        this.#wake();
      },
    });
  }
  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
  async #until(offset: number): Promise<void> {
    while (this.#applied < offset) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }
  exclusively<T>(work: (append: Append) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      for (let tries = 1; ; tries++) {
        if (!this.#claimed) {
          await this.#until(await this.#topic.claim(this.#claimRecord));
          this.#claimed = true;
        }
        try {
          return await work((record) => this.#append(record));
        } catch (error) {
          if (!(error instanceof ClaimLost) || tries >= triesMax) throw error;
        }
      }
    });
  }
  async #append(record: LogRecord): Promise<void> {
    const offset = await this.#topic.append(record);
    if (offset === undefined) {
      this.#claimed = false;
      throw new ClaimLost('another registry writes the topic');
    }
    await this.#until(offset);
  }
  async catchUp(): Promise<void> {
    await this.#until((await this.#topic.end()) - 1);
  }
  async close(): Promise<void> {
    await this.#topic.close();
    this.#failure ??= new Error('the registry has stopped');
    this.#wake();
  }
}

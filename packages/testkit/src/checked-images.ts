/* Holds what comes of a store's image, which is copied while rows go on and refers to an earlier one, to its bytes at the time of
 * the snapshot. */

import { assert } from '#base';
import { stateKey, type StorePlace } from '#dataflow';
import { BytesWriter, MemoryStore, setStateGrain, type PersistentStore, type StateWriter } from '#state';

class CheckedStore extends MemoryStore {
  /** At the last snapshot. */
  atOnce: Uint8Array = new Uint8Array(0);

  override snapshot(to: StateWriter): void {
    const writer = new BytesWriter();
    super.snapshot(writer);
    this.atOnce = writer.finish();
    super.snapshot(to);
  }
}

export class CheckedImages {
  readonly #stores = new Map<string, CheckedStore>();

  constructor() {
    setStateGrain({ pageBits: 0, blockBytes: 1 });
  }

  close(): void {
    setStateGrain();
  }

  store(place: StorePlace | undefined): PersistentStore {
    const store = new CheckedStore();
    if (place !== undefined) this.#stores.set(`${place.job}/${stateKey(place.id, place.instance)}`, store);
    return store;
  }
  /** `part`: what a node of the job wrote at its last snapshot. Its store's bytes stand in it as they were. */
  check(job: string, key: string, part: Uint8Array): void {
    const { atOnce } = this.#stores.get(`${job}/${key}`) ?? { atOnce: new Uint8Array(0) };
    assert(
      Buffer.from(part.buffer, part.byteOffset, part.length).includes(Buffer.from(atOnce)),
      `the image of ${key} is what its state was`,
    );
  }
}

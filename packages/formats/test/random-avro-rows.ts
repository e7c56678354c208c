/* Random Avro records that a table can be made of: all types, with logical types, nested and in unions. */

import type { Rng } from '#base';

type Schema = unknown;

export class RandomAvroRows {
  readonly #rng: Rng;
  #names = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
  }
  record(depth = 0): Schema {
    const fields = Array.from({ length: 1 + this.#rng.below(depth === 0 ? 8 : 3) }, (_, i) => ({
      name: `f${i}`,
      type: this.#field(depth),
    }));
    return { type: 'record', name: `R${this.#names++}`, namespace: 'a.b', fields };
  }
  #field(depth: number): Schema {
    const type = this.#type(depth + 1);
    switch (this.#rng.below(6)) {
      case 0:
      case 1:
        return ['null', type];
      case 2:
        return [type, 'null'];
      case 3:
        return this.#rng.pick([
          ['int', 'null', 'long'],
          ['float', 'double'],
          ['int', 'double', 'null'],
          [type],
        ]);
      default:
        return type;
    }
  }
  #type(depth: number): Schema {
    if (depth > 3) return this.#leaf();
    switch (this.#rng.below(12)) {
      case 0:
        return { type: 'array', items: this.#field(depth) };
      case 1:
        return { type: 'map', values: this.#field(depth) };
      case 2:
        return this.record(depth);
      default:
        return this.#leaf();
    }
  }
  #leaf(): Schema {
    const { pick, below } = {
      pick: <T>(of: readonly T[]): T => this.#rng.pick(of),
      below: (n: number) => this.#rng.below(n),
    };
    const name = `T${this.#names++}`;
    switch (below(5)) {
      case 0:
        return pick(['boolean', 'int', 'long', 'float', 'double', 'string', 'bytes']);
      case 1: {
        const precision = 1 + below(38);
        const scale = below(precision + 1);
        const decimal = { logicalType: 'decimal', precision, scale };
        return pick<Schema>([
          { type: 'bytes', ...decimal },
          { type: 'fixed', name, size: 17, ...decimal },
        ]);
      }
      case 2:
        return pick<Schema>([
          { type: 'enum', name, symbols: ['A', 'B_1', 'c'] },
          { type: 'fixed', name, size: 1 + below(20) },
          { type: 'string', logicalType: 'uuid' },
        ]);
      case 3:
        return pick<Schema>([
          { type: 'int', logicalType: 'date' },
          { type: 'int', logicalType: 'time-millis' },
          { type: 'long', logicalType: 'time-micros' },
        ]);
      default:
        return {
          type: 'long',
          logicalType: pick([
            'timestamp-millis',
            'timestamp-micros',
            'local-timestamp-millis',
            'local-timestamp-micros',
          ]),
        };
    }
  }
}

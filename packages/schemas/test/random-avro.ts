/* Random Avro schemas, and random changes of one: for comparing with other implementations. A seed gives the same again. */

import type { Rng } from '#base';

type Schema = unknown;
const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const namespaces = [undefined, 'a', 'a.b', ''];

/** The names of a schema are its own: another of the same seed would have the same. */
export class RandomAvro {
  readonly #rng: Rng;
  #names = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
  }
  #chance(p: number): boolean {
    return this.#rng.double() < p;
  }
  root(): Schema {
    return this.#chance(0.85) ? this.#record(0) : this.type(0);
  }
  type(depth: number): Schema {
    if (depth > 3 || this.#chance(0.45)) return this.#primitive();
    switch (this.#rng.below(7)) {
      case 0:
        return { type: 'array', items: this.type(depth + 1), ...this.#extra() };
      case 1:
        return { type: 'map', values: this.type(depth + 1) };
      case 2:
        return this.#enum();
      case 3:
        return this.#fixed();
      case 4:
        return this.#record(depth + 1);
      default:
        return this.#union(depth);
    }
  }
  #primitive(): Schema {
    const name = this.#rng.pick(primitives);
    if (name === 'long' && this.#chance(0.2)) return { type: 'long', logicalType: 'timestamp-millis' };
    if (name === 'bytes' && this.#chance(0.3))
      return { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 };
    return this.#chance(0.1) ? { type: name, ...this.#extra() } : name;
  }
  #extra(): object {
    return this.#chance(0.2)
      ? { 'x-note': this.#rng.pick(['é', 1, 2.5, null, { b: [true], a: 'q"\\' }]) }
      : {};
  }
  #named(kind: string): object {
    const namespace = this.#rng.pick(namespaces);
    return {
      type: kind,
      name: this.#chance(0.1) ? `p.q.T${this.#names++}` : `T${this.#names++}`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(this.#chance(0.2) ? { doc: 'a "doc"\nof two lines' } : {}),
      ...(this.#chance(0.2) ? { aliases: ['Old', 'x.y.Older'].slice(this.#rng.below(2)) } : {}),
      ...this.#extra(),
    };
  }
  #enum(): Schema {
    const symbols = ['A', 'B', 'C', 'D'].slice(0, this.#rng.between(1, 4));
    return { ...this.#named('enum'), symbols, ...(this.#chance(0.3) ? { default: symbols[0] } : {}) };
  }
  #fixed(): Schema {
    return { ...this.#named('fixed'), size: this.#rng.between(1, 8) };
  }
  #record(depth: number): Schema {
    const head = this.#named('record');
    const fields = Array.from({ length: this.#rng.between(0, 4) }, (_, i) => this.field(`f${i}`, depth));
    return { ...head, fields };
  }
  field(name: string, depth: number): object {
    const type = this.type(depth + 1);
    const fallback = this.#chance(0.4) ? this.#defaultOf(type) : undefined;
    return {
      name,
      type,
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(this.#chance(0.1) ? { doc: 'of a field' } : {}),
      ...(this.#chance(0.1) ? { order: this.#rng.pick(['ascending', 'descending', 'ignore']) } : {}),
      ...(this.#chance(0.15)
        ? { aliases: [`f${this.#rng.below(5)}x`, `f${this.#rng.below(5)}`].filter((alias) => alias !== name) }
        : {}),
      ...this.#extra(),
    };
  }
  #defaultOf(type: Schema): unknown {
    const kind =
      typeof type === 'string' ? type : Array.isArray(type) ? type[0] : (type as { type: string }).type;
    switch (kind) {
      case 'null':
        return null;
      case 'boolean':
        return true;
      case 'int':
      case 'long':
        return this.#rng.pick([0, -7, 2_000_000_000]);
      case 'float':
      case 'double':
        return this.#rng.pick([0, 1.5, 1e21, 1.25e-7, 123_456.789, -0.001]);
      case 'string':
      case 'bytes':
        return this.#rng.pick(['', 'é', 'a"b']);
      case 'array':
        return [];
      case 'map':
        return {};
      default:
        return undefined;
    }
  }
  #union(depth: number): Schema {
    const branches: Schema[] = [];
    const kinds = new Set<string>();
    for (let i = this.#rng.between(1, 3); i > 0; i--) {
      const branch = this.type(depth + 1);
      const kind =
        typeof branch === 'string'
          ? branch
          : Array.isArray(branch)
            ? 'union'
            : (branch as { type: string }).type;
      const named = ['record', 'enum', 'fixed'].includes(kind);
      if (kind === 'union' || (!named && kinds.has(kind))) continue;
      kinds.add(kind);
      branches.push(branch);
    }
    return branches.length === 0 ? ['null', 'string'] : branches;
  }

  /** The schema with some of it changed: a field more or less, another type, another name. */
  changed(schema: Schema): Schema {
    if (Array.isArray(schema)) {
      const parts = schema.map((part) => (this.#chance(0.3) ? this.changed(part) : part));
      return this.#chance(0.3)
        ? parts.toReversed()
        : this.#chance(0.2)
          ? parts.slice(1).concat('null')
          : parts;
    }
    if (typeof schema !== 'object' || schema === null)
      return this.#chance(0.4) ? this.#rng.pick(primitives) : schema;
    const s = { ...(schema as Record<string, unknown>) };
    if (this.#chance(0.05)) return this.#rng.pick(primitives);
    if (s['fields'] !== undefined)
      s['fields'] = this.#changedFields(s['fields'] as Record<string, unknown>[]);
    if (s['items'] !== undefined) s['items'] = this.changed(s['items']);
    if (s['values'] !== undefined) s['values'] = this.changed(s['values']);
    if (s['symbols'] !== undefined && this.#chance(0.4)) {
      s['symbols'] = this.#rng.pick([['A'], ['B', 'A'], ['A', 'B', 'C', 'E']]);
      delete s['default'];
    }
    if (s['size'] !== undefined && this.#chance(0.4)) s['size'] = (s['size'] as number) + 1;
    if (s['name'] !== undefined && this.#chance(0.15))
      s['name'] = this.#chance(0.5) ? 'Old' : `${String(s['name'])}x`;
    return s;
  }
  #changedFields(fields: readonly Record<string, unknown>[]): object[] {
    const kept = fields
      .filter(() => this.#chance(0.85))
      .map((field): Record<string, unknown> => {
        const copy: Record<string, unknown> = { ...field };
        if (this.#chance(0.5)) copy['type'] = this.changed(field['type']);
        delete copy['default'];
        if (this.#chance(0.1)) copy['name'] = `${String(copy['name'])}x`;
        return copy;
      });
    if (this.#chance(0.3)) kept.push({ name: 'more', type: this.#rng.pick(primitives) });
    return kept;
  }
}

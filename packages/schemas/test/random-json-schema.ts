/* Random JSON Schemas, random changes of one, and random values: for asking a validator whether what is said to be
 * compatible is. A seed gives the same again. */

import type { Rng } from '#base';

type Schema = boolean | { [keyword: string]: unknown };
const names = ['a', 'b', 'cc'];
const patterns = ['^a', 'b$', '^c+$'];
const numbers = [0, 1, 2, 3, 5, 6, -1, 0.5, 2.5];
const strings = ['', 'a', 'bb', 'ab', 'ccc', 'abcd'];

export class RandomJsonSchema {
  readonly #rng: Rng;

  constructor(rng: Rng) {
    this.#rng = rng;
  }
  #chance(p: number): boolean {
    return this.#rng.double() < p;
  }
  root(): Schema {
    // One that is nothing but a reference to itself means nothing.
    let definition = this.schema(2);
    while (typeof definition === 'object' && JSON.stringify(definition).includes('$ref'))
      definition = this.schema(2);
    return { ...(this.schema(0) as object), $defs: { d: definition } };
  }
  schema(depth: number): Schema {
    if (this.#chance(0.06)) return this.#chance(0.7);
    if (this.#chance(0.06)) return { $ref: '#/$defs/d' };
    if (this.#chance(0.08)) return { enum: this.#some([1, 'a', 'bb', null, true, 2.5]) };
    if (this.#chance(0.04)) return { const: this.#rng.pick([1, 'a', null]) };
    if (depth < 2 && this.#chance(0.12))
      return { [this.#rng.pick(['anyOf', 'allOf'])]: [this.schema(depth + 1), this.schema(depth + 1)] };
    if (depth < 2 && this.#chance(0.05)) return { not: this.schema(depth + 1) };
    if (this.#chance(0.08)) return { type: this.#some(['string', 'integer', 'null', 'boolean']) };
    switch (this.#rng.below(depth > 2 ? 4 : 7)) {
      case 0:
        return {
          type: 'string',
          ...this.#maybe('maxLength', [1, 2, 3]),
          ...this.#maybe('minLength', [1, 2]),
          ...this.#maybe('pattern', patterns),
        };
      case 1:
        return {
          type: this.#rng.pick(['integer', 'number']),
          ...this.#maybe('maximum', [1, 3, 5]),
          ...this.#maybe('minimum', [0, 2]),
          ...this.#maybe('multipleOf', [1, 2, 3, 0.5]),
          ...this.#maybe('exclusiveMinimum', [0, 1]),
        };
      case 2:
        return { type: this.#rng.pick(['boolean', 'null']) };
      case 3:
        return {};
      case 4:
        return this.#array(depth);
      default:
        return this.#object(depth);
    }
  }
  #array(depth: number): Schema {
    const items = this.#chance(0.4) ? { items: this.schema(depth + 1) } : {};
    const prefix = this.#chance(0.3)
      ? { prefixItems: [this.schema(depth + 1), this.schema(depth + 1)].slice(this.#rng.below(2)) }
      : {};
    return {
      type: 'array',
      ...items,
      ...prefix,
      ...this.#maybe('maxItems', [1, 2]),
      ...this.#maybe('minItems', [1, 2]),
      ...(this.#chance(0.1) ? { uniqueItems: true } : {}),
    };
  }
  #object(depth: number): Schema {
    const properties = Object.fromEntries(this.#some(names).map((name) => [name, this.schema(depth + 1)]));
    return {
      type: 'object',
      properties,
      ...(this.#chance(0.5) ? { required: this.#some(names) } : {}),
      ...(this.#chance(0.4)
        ? { additionalProperties: this.#chance(0.6) ? false : this.schema(depth + 1) }
        : {}),
      ...(this.#chance(0.3)
        ? { patternProperties: { [this.#rng.pick(patterns)]: this.schema(depth + 1) } }
        : {}),
      ...this.#maybe('maxProperties', [1, 2]),
      ...this.#maybe('minProperties', [1]),
      ...(this.#chance(0.1) ? { dependentRequired: { a: this.#some(['b', 'cc']) } } : {}),
    };
  }
  #maybe(keyword: string, values: readonly unknown[]): object {
    return this.#chance(0.25) ? { [keyword]: this.#rng.pick(values) } : {};
  }
  #some<T>(items: readonly T[]): T[] {
    const some = items.filter(() => this.#chance(0.5));
    return some.length === 0 ? [items[0]!] : some;
  }

  /** The schema with a little of it changed. */
  changed(schema: Schema, depth = 0): Schema {
    if (this.#chance(0.08)) {
      const other = this.schema(depth);
      if (!JSON.stringify(other).includes('$ref')) return other;
    }
    if (typeof schema === 'boolean') return schema;
    const copy: { [keyword: string]: unknown } = {};
    for (const [keyword, value] of Object.entries(schema)) {
      // A schema without its type holds for values of other types too: Confluent's rules do not look at that.
      if (keyword !== '$defs' && keyword !== 'type' && this.#chance(0.07)) continue;
      copy[keyword] = this.#changedValue(keyword, value, depth);
    }
    if (copy['type'] === 'string' && this.#chance(0.1)) copy['maxLength'] = 3;
    if (copy['type'] === 'object' && this.#chance(0.15)) copy['additionalProperties'] = this.#chance(0.5);
    if (copy['type'] === 'object') Object.assign(copy, this.#added(depth));
    return copy;
  }
  #added(depth: number): object {
    return {
      ...(this.#chance(0.1)
        ? { patternProperties: { [this.#rng.pick(patterns)]: this.schema(depth + 1) } }
        : {}),
      ...(this.#chance(0.1) ? { required: this.#some(names) } : {}),
      ...(this.#chance(0.1) ? { dependentRequired: { [this.#rng.pick(names)]: this.#some(names) } } : {}),
    };
  }
  #changedValue(keyword: string, value: unknown, depth: number): unknown {
    if (['properties', 'patternProperties', '$defs'].includes(keyword)) {
      const entries = Object.entries(value as Record<string, Schema>)
        .filter(() => keyword === '$defs' || !this.#chance(0.15))
        .map(([name, inner]): [string, Schema] => [
          name,
          this.#chance(0.4) ? this.changed(inner, depth + 1) : inner,
        ]);
      if (keyword === 'properties' && this.#chance(0.15))
        entries.push([this.#rng.pick(names), this.schema(depth + 1)]);
      return Object.fromEntries(entries);
    }
    if (['items', 'additionalProperties', 'not'].includes(keyword))
      return this.changed(value as Schema, depth + 1);
    if (['anyOf', 'allOf', 'prefixItems'].includes(keyword)) {
      const parts = (value as Schema[]).map((part) =>
        this.#chance(0.4) ? this.changed(part, depth + 1) : part,
      );
      return this.#chance(0.2) ? [...parts, this.schema(depth + 1)] : parts;
    }
    if (typeof value === 'number' && this.#chance(0.3))
      return keyword === 'multipleOf'
        ? value * this.#rng.pick([1, 2, 0.5])
        : Math.max(0, value + this.#rng.between(-1, 1));
    if (Array.isArray(value) && value.length > 1 && this.#chance(0.2)) return value.slice(1);
    if (value === 'integer' && this.#chance(0.3)) return 'number';
    return value;
  }

  /** A value that the schema's types and properties allow more often than any value: a validator has the last word. */
  valueLike(schema: unknown, depth = 0): unknown {
    const about = (typeof schema === 'object' ? schema : {}) as Record<string, unknown>;
    if (depth > 3 || this.#chance(0.15)) return this.value(depth);
    if (Array.isArray(about['enum'])) return this.#rng.pick(about['enum']);
    if (about['type'] === 'string') return this.#rng.pick(strings);
    if (about['type'] === 'integer' || about['type'] === 'number') return this.#rng.pick(numbers);
    if (about['type'] === 'array')
      return Array.from({ length: this.#rng.below(3) }, () => this.valueLike(about['items'], depth + 1));
    if (about['type'] !== 'object') return this.value(depth);
    const named = (about['properties'] ?? {}) as Record<string, unknown>;
    const byPattern = Object.entries((about['patternProperties'] ?? {}) as Record<string, unknown>);
    const like = (name: string): unknown =>
      named[name] ??
      byPattern.find(([pattern]) => new RegExp(pattern).test(name))?.[1] ??
      about['additionalProperties'];
    return Object.fromEntries(
      [...names, 'ab', 'zz']
        .filter((name) => this.#chance(name in named ? 0.7 : 0.3))
        .map((name) => [name, this.valueLike(like(name), depth + 1)]),
    );
  }

  /** Any JSON, of the sort that such schemas speak of. */
  value(depth = 0): unknown {
    switch (this.#rng.below(depth > 2 ? 5 : 8)) {
      case 0:
        return null;
      case 1:
        return this.#chance(0.5);
      case 2:
        return this.#rng.pick(numbers);
      case 3:
      case 4:
        return this.#rng.pick(strings);
      case 5:
        return Array.from({ length: this.#rng.below(3) }, () => this.value(depth + 1));
      default:
        return Object.fromEntries(
          [...names, 'zz'].filter(() => this.#chance(0.5)).map((name) => [name, this.value(depth + 1)]),
        );
    }
  }
}

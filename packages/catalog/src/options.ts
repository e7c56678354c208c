/* Option schemas: what a table option, a format option or a SET key may be, parsed once, with Flink's spellings.
 * An unknown table option is an error with a suggestion, as in Flink. */

import { didYouMean, UserError, type Span } from '#base';

export type OptionType =
  | 'string'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'duration'
  | 'memory'
  | 'enum'
  | 'list'
  | 'map';

export interface OptionSpec {
  readonly key: string;
  readonly type: OptionType;
  /** As the user would write it; undefined: no default. */
  readonly default?: string;
  readonly required?: boolean;
  /** The allowed values of an enum, compared without case. */
  readonly values?: readonly string[];
  /** Earlier spellings that still work. */
  readonly aliases?: readonly string[];
  readonly doc: string;
}

/** Options of one table as the user wrote them. */
export interface RawOption {
  readonly key: string;
  readonly value: string;
  readonly at?: Span | undefined;
}

/** Parsed options: every getter checks against the schema, so a misspelt key in our own code fails at once. */
export class Options {
  readonly #specs: ReadonlyMap<string, OptionSpec>;
  readonly #values: ReadonlyMap<string, RawOption>;
  /** Keys below a declared prefix (`properties.`), without the prefix. */
  readonly #prefixed: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(
    specs: ReadonlyMap<string, OptionSpec>,
    values: ReadonlyMap<string, RawOption>,
    prefixed: ReadonlyMap<string, ReadonlyMap<string, string>>,
  ) {
    this.#specs = specs;
    this.#values = values;
    this.#prefixed = prefixed;
  }
  #text(key: string): string | undefined {
    const spec = this.#specs.get(key);
    if (spec === undefined) throw new TypeError(`option "${key}" is not declared`);
    return this.#values.get(key)?.value ?? spec.default;
  }
  has(key: string): boolean {
    return this.#values.has(key);
  }
  at(key: string): Span | undefined {
    return this.#values.get(key)?.at;
  }
  string(key: string): string | undefined {
    return this.#text(key);
  }
  require(key: string): string {
    const value = this.#text(key);
    if (value === undefined) throw new UserError('CAT1003', { message: `the option '${key}' is missing` });
    return value;
  }
  boolean(key: string): boolean {
    return this.#text(key)?.toLowerCase() === 'true';
  }
  number(key: string): number | undefined {
    const text = this.#text(key);
    return text === undefined ? undefined : Number(text);
  }
  long(key: string): bigint | undefined {
    const text = this.#text(key);
    return text === undefined ? undefined : BigInt(text);
  }
  durationMs(key: string): number | undefined {
    const text = this.#text(key);
    return text === undefined ? undefined : parseDurationMs(text);
  }
  bytes(key: string): number | undefined {
    const text = this.#text(key);
    return text === undefined ? undefined : parseMemoryBytes(text);
  }
  /** Upper or lower case as declared in `values`. */
  enum(key: string): string | undefined {
    const text = this.#text(key);
    return this.#specs.get(key)!.values!.find((v) => v.toLowerCase() === text?.toLowerCase());
  }
  /** Items separated by `;`, as Flink writes lists. */
  list(key: string): readonly string[] | undefined {
    return this.#text(key)
      ?.split(';')
      .map((s) => s.trim())
      .filter((s) => s !== '');
  }
  /** Everything below `prefix`, e.g. 'properties.'. */
  under(prefix: string): ReadonlyMap<string, string> {
    return this.#prefixed.get(prefix) ?? new Map();
  }
}

export interface OptionSchema {
  /** Who it is for, in messages: `connector 'kafka'`. */
  readonly owner: string;
  readonly specs: readonly OptionSpec[];
  /** Prefixes below which any key is taken: 'properties.'. */
  readonly prefixes?: readonly string[];
}

/** Checks and parses. Throws CAT1001 unknown option, CAT1002 bad value, CAT1003 missing option. */
export function parseOptions(schema: OptionSchema, raw: readonly RawOption[]): Options {
  const specs = new Map(schema.specs.map((s) => [s.key, s]));
  const canonical = new Map(
    schema.specs.flatMap((s) => [s.key, ...(s.aliases ?? [])].map((k) => [k, s.key] as const)),
  );
  const values = new Map<string, RawOption>();
  const prefixed = new Map<string, Map<string, string>>();
  for (const option of raw) {
    const key = canonical.get(option.key);
    if (key !== undefined) {
      checkValue(specs.get(key)!, option);
      values.set(key, option);
      continue;
    }
    const prefix = schema.prefixes?.find((p) => option.key.startsWith(p));
    if (prefix === undefined) {
      throw new UserError('CAT1001', {
        at: option.at,
        message: `unknown option '${option.key}' for ${schema.owner}`,
        hint: didYouMean(option.key, canonical.keys()),
      });
    }
    const group = prefixed.get(prefix) ?? new Map<string, string>();
    group.set(option.key.slice(prefix.length), option.value);
    prefixed.set(prefix, group);
  }
  const missing = schema.specs.filter((s) => s.required && !values.has(s.key)).map((s) => s.key);
  if (missing.length > 0) {
    throw new UserError('CAT1003', {
      message: `${schema.owner} needs the option${missing.length > 1 ? 's' : ''} ${missing.map((k) => `'${k}'`).join(', ')}`,
    });
  }
  return new Options(specs, values, prefixed);
}

function checkValue(spec: OptionSpec, option: RawOption): void {
  const problem = valueProblem(spec, option.value);
  if (problem === undefined) return;
  throw new UserError('CAT1002', {
    at: option.at,
    message: `option '${option.key}': found '${option.value}', expected ${problem}`,
    hint: spec.values ? didYouMean(option.value, spec.values) : undefined,
  });
}

function valueProblem(spec: OptionSpec, value: string): string | undefined {
  switch (spec.type) {
    case 'int':
    case 'long':
      return /^[+-]?\d+$/.test(value.trim()) ? undefined : 'a whole number';
    case 'double':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? undefined : 'a number';
    case 'boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'true or false';
    case 'duration':
      return parseDurationMs(value) === undefined
        ? `a duration such as '5 s', '1 min' or '100 ms'`
        : undefined;
    case 'memory':
      return parseMemoryBytes(value) === undefined ? `a size such as '64 mb'` : undefined;
    case 'enum':
      return spec.values!.some((v) => v.toLowerCase() === value.toLowerCase())
        ? undefined
        : `one of ${spec.values!.join(', ')}`;
    default:
      return undefined;
  }
}

const durationUnits: Record<string, number> = {
  ns: 1e-6,
  nano: 1e-6,
  nanos: 1e-6,
  nanosecond: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  micro: 1e-3,
  micros: 1e-3,
  microsecond: 1e-3,
  microseconds: 1e-3,
  '': 1,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** '5 s', '1min', '100' (milliseconds), as Flink's TimeUtils; ISO-8601 'PT5S' too. Undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  const plain = /^\s*(\d+)\s*([a-zµ]*)\s*$/i.exec(text);
  if (plain) {
    const unit = durationUnits[plain[2]!.toLowerCase()];
    return unit === undefined ? undefined : Number(plain[1]) * unit;
  }
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text.trim());
  if (!iso || text.trim().length < 3) return undefined;
  return (
    Number(iso[1] ?? 0) * 86_400_000 +
    Number(iso[2] ?? 0) * 3_600_000 +
    Number(iso[3] ?? 0) * 60_000 +
    Number(iso[4] ?? 0) * 1000
  );
}

const memoryUnits: Record<string, number> = {
  '': 1,
  b: 1,
  bytes: 1,
  k: 2 ** 10,
  kb: 2 ** 10,
  kibibytes: 2 ** 10,
  m: 2 ** 20,
  mb: 2 ** 20,
  mebibytes: 2 ** 20,
  g: 2 ** 30,
  gb: 2 ** 30,
  gibibytes: 2 ** 30,
  t: 2 ** 40,
  tb: 2 ** 40,
};

/** '64 mb', '1g', '4096' (bytes), in powers of 1024 as Flink's MemorySize. */
export function parseMemoryBytes(text: string): number | undefined {
  const match = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(text);
  const unit = match ? memoryUnits[match[2]!.toLowerCase()] : undefined;
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

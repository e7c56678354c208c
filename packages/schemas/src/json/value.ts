/* JSON as it was written: members in their order, numbers with all their digits. What identifies a schema is its text, so
 * nothing may be lost between reading and writing it. */

/** A number by its text. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
  get value(): number {
    return Number(this.text);
  }
  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text);
  }
}

export type JsonObject = ReadonlyMap<string, Json>;
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

export const isObject = (json: Json | undefined): json is JsonObject => json instanceof Map;
export const isArray = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

/** What sort of value it is, in words. */
export function sortOf(json: Json | undefined): string {
  if (json === undefined) return 'nothing';
  if (json === null) return 'null';
  if (typeof json === 'string') return `the string ${JSON.stringify(json)}`;
  if (typeof json === 'boolean') return String(json);
  if (json instanceof JsonNumber) return `the number ${json.text}`;
  return isArray(json) ? 'an array' : 'an object';
}

/** Whether two values mean the same: members in any order, numbers by value. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a instanceof JsonNumber && b instanceof JsonNumber) return sameNumber(a, b);
  if (isArray(a) && isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (isObject(a) && isObject(b))
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameJson(value, b.get(key)));
  return false;
}
function sameNumber(a: JsonNumber, b: JsonNumber): boolean {
  if (a.isInteger && b.isInteger) return BigInt(a.text) === BigInt(b.text);
  return a.value === b.value;
}

/* Sets of code points as sorted ranges that do not touch: what a character class is once it is read. */

export const codePointMax = 0x10ffff;

/** [low, high, low, high, …], both ends included. */
export type CodePoints = readonly number[];

export const nothing: CodePoints = [];
export const everything: CodePoints = [0, codePointMax];
export const single = (code: number): CodePoints => [code, code];

/** The set of ranges that may overlap and come in any order. */
export function ofRanges(ranges: readonly (readonly [number, number])[]): CodePoints {
  const result: number[] = [];
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.length - 1;
    if (last > 0 && low <= result[last]! + 1) result[last] = Math.max(result[last]!, high);
    else result.push(low, high);
  }
  return result;
}
function pairs(set: CodePoints): [number, number][] {
  return Array.from({ length: set.length / 2 }, (_, i) => [set[2 * i]!, set[2 * i + 1]!]);
}
/** The set of single characters and of ranges 'a-z' in a text of plain characters. */
export function ofText(text: string): CodePoints {
  const codes = Array.from(text, (c) => c.codePointAt(0)!);
  const ranges: [number, number][] = [];
  for (let i = 0; i < codes.length; i++) {
    if (codes[i + 1] === 0x2d && i + 2 < codes.length) ranges.push([codes[i]!, codes[(i += 2)]!]);
    else ranges.push([codes[i]!, codes[i]!]);
  }
  return ofRanges(ranges);
}
export const union = (...sets: readonly CodePoints[]): CodePoints => ofRanges(sets.flatMap(pairs));

export function complement(set: CodePoints): CodePoints {
  const result: number[] = [];
  let from = 0;
  for (const [low, high] of pairs(set)) {
    if (low > from) result.push(from, low - 1);
    from = high + 1;
  }
  if (from <= codePointMax) result.push(from, codePointMax);
  return result;
}
export const intersection = (a: CodePoints, b: CodePoints): CodePoints =>
  complement(union(complement(a), complement(b)));

export function contains(set: CodePoints, code: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < set[2 * middle]!) high = middle - 1;
    else if (code > set[2 * middle + 1]!) low = middle + 1;
    else return true;
  }
  return false;
}

/** The code points of which `pattern`, a JavaScript class or property, is one. */
export function ofProperty(pattern: string): CodePoints {
  let set = byProperty.get(pattern);
  if (set === undefined) byProperty.set(pattern, (set = scan(new RegExp(pattern, 'u'))));
  return set;
}
const byProperty = new Map<string, CodePoints>();

function scan(regex: RegExp): CodePoints {
  const result: number[] = [];
  for (let code = 0; code <= codePointMax; code++) {
    if (!regex.test(String.fromCodePoint(code))) continue;
    if (result.length > 0 && result.at(-1) === code - 1) result[result.length - 1] = code;
    else result.push(code, code);
  }
  return result;
}

/** The set with the other case of its letters: of ASCII's only, or of all. */
export function ignoringCase(set: CodePoints, unicode: boolean): CodePoints {
  const added: [number, number][] = [];
  const shift = (low: number, high: number, by: number): void => {
    for (const [a, b] of pairs(set)) {
      const [from, to] = [Math.max(a, low), Math.min(b, high)];
      if (from <= to) added.push([from + by, to + by]);
    }
  };
  shift(0x41, 0x5a, 32);
  shift(0x61, 0x7a, -32);
  if (unicode)
    for (const [code, others] of cased()) if (contains(set, code)) for (const o of others) added.push([o, o]);
  return added.length === 0 ? set : union(set, ofRanges(added));
}

/** Each cased code point with those that are equal to it in capitals and then in small letters, as Java compares. */
function cased(): ReadonlyMap<number, readonly number[]> {
  if (casedByCode !== undefined) return casedByCode;
  const classes = new Map<number, number[]>();
  const one = (text: string, otherwise: number): number => {
    const [first, second] = [...text];
    return second === undefined && first !== undefined ? first.codePointAt(0)! : otherwise;
  };
  for (const [low, high] of pairs(ofProperty('\\p{Changes_When_Casemapped}'))) {
    for (let code = low; code <= high; code++) {
      const upper = one(String.fromCodePoint(code).toUpperCase(), code);
      const folded = one(String.fromCodePoint(upper).toLowerCase(), upper);
      for (const key of new Set([folded, upper])) {
        const members = classes.get(key);
        if (members === undefined) classes.set(key, [code]);
        else members.push(code);
      }
    }
  }
  const result = new Map<number, number[]>();
  for (const [key, members] of classes) {
    const all = [...new Set([key, ...members])];
    for (const code of all) result.set(code, [...(result.get(code) ?? []), ...all]);
  }
  return (casedByCode = result);
}
let casedByCode: ReadonlyMap<number, readonly number[]> | undefined;

/* Text in JSON quotes, with the escapes that Jackson writes. */

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
const special = /["\\\u0000-\u001f]/g;
const specialOrPair = /["\\\u0000-\u001f\ud800-\udfff]/g;

/** `pairs`: characters beyond U+FFFF are written as two \u escapes, as Jackson's byte writer does. */
export function quoteJson(text: string, pairs: boolean): string {
  return `"${text.replace(pairs ? specialOrPair : special, escape)}"`;
}

function escape(c: string): string {
  return short[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

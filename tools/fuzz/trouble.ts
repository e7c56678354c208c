/* Expressions that Flink is known to fail on: they would take everything beside them in a statement with them. What it
 * surely fails on is asked alone, and of that some only; what it may fail on goes in small company. Nothing here says
 * that a difference is listed: that is for tests/conformance/known-differences.ts. */

/** A column of one of these sample types, or a literal that is cast to it. */
const of = (types: string): string =>
  `(?:\`(?:${types})_\\dn?\`|CAST\\((?:[^()]|\\([^()]*\\))* AS (?:${types.replaceAll('_TEXT', '')})(?:\\(\\d+(?:, \\d+)?\\))?\\))`;
const bytes = of('BYTES|BINARY|VARBINARY');
const small = of('TINYINT|SMALLINT');
const decimal = of('DECIMAL|DECIMAL38|DECIMAL38_0');
const inexact = of('FLOAT|DOUBLE');
const dateOrTime = of('DATE|TIME');

const surely: readonly RegExp[] = [
  // NULL without a type.
  /^(?:GREATEST|LEAST)\((?:.*, )?NULL(?:, .*)?\)$/,
  // No code is generated, or it does not compile.
  new RegExp(`^(?:GREATEST|LEAST)\\(${bytes}`),
  new RegExp(`^(?:TRUNCATE|SIGN)\\(${small}`),
  new RegExp(`^ATAN2\\((?:${decimal}, (?!${decimal})|(?!${decimal}).*, ${decimal}\\)$)`),
  /^TIMESTAMPDIFF\(\w+, (?:`LTZ\d_\dn?`, `(?!LTZ)|`(?!LTZ).*, `LTZ\d_\dn?`\)$)/,
  /^JSON_EXISTS\([^`]*, `/,
  /^HASH_CODE\(`LTZ/,
  /(?:'|`\w+_\dn`) (?:NOT )?LIKE `/,
  /^`\w+_\dn` IN \((?:[^,]*,){19}/,
  /^`(?:DATE|TIME)_\dn` [-+] INTERVAL|^INTERVAL .* \+ `(?:DATE|TIME)_\dn`$/,
  /^TIMESTAMPADD\(.*`(?:DATE|TIME)_\dn`\)$/,
  /`LTZ\d_\dn?` [-+] INTERVAL '[^']*' (?:YEAR|MONTH)|^INTERVAL '[^']*' (?:YEAR|MONTH).* \+ `LTZ/,
  /(?:ARRAY|MAP)\[.*INTERVAL '/,
  /^JSON_(?:ARRAY|OBJECT|STRING)\(.*INTERVAL '/,
  new RegExp(`^JSON_(?:ARRAY|OBJECT)\\(.*${dateOrTime}`),
  new RegExp(`CAST\\(${decimal} AS INTERVAL`),
  /^ELT\(-/,
  /^ELT\(`(?!.*TEXT)/,
  /^TO_TIMESTAMP_LTZ\(.*, '(?:|PST|EST|Nowhere\/None)'\)$/,
  /LIKE '[^`]* ESCAPE '(?:!!)?'$/,
  /^ARRAY_(?:SORT|MAX|MIN)\((?:`ARRAY_(?:ARRAY|ROW)|ARRAY\[(?:`(?:ARRAY|ROW|MAP)_|ROW|ARRAY|MAP))/,
  // Each column of FLOAT or DOUBLE has a NaN, which becomes no DECIMAL, and each of INT a number of digits that is none.
  /^(?:ROUND|TRUNCATE)\(`(?:FLOAT|DOUBLE)_|^(?:ROUND|TRUNCATE)\(.*, `INT_/,
  /^CAST\(`(?:FLOAT|DOUBLE)_\dn?` AS (?:DEC|NUMERIC)/,
  /^ARRAY_\w+\(ARRAY\[.*`DECIMAL.*\], `(?:FLOAT|DOUBLE)_/,
  /^(?:IFNULL|COALESCE)\(INTERVAL '[^']*' \w+(?: TO \w+)?, NULL\)/,
];

const maybe: readonly RegExp[] = [
  /^(?:ROUND|TRUNCATE)\(.*, `/,
  new RegExp(`${inexact} AS (?:DEC|NUMERIC)`),
  new RegExp(`${inexact}.*${decimal}|${decimal}.*${inexact}`),
  /^(?:ARRAY_\w+|MAP_UNION)\(.*(?:DECIMAL|DOUBLE|FLOAT)/,
  /^(?:MAP_FROM_ARRAYS|STR_TO_MAP|REGEXP_REPLACE|SHA2|ELT|ELEMENT)\(/,
  /^[LR]PAD\(.*-\d|^[LR]PAD\(.*, `/,
  new RegExp(`^(?:GREATEST|LEAST)\\(.*${dateOrTime}`),
];

export const surelyFails = (sql: string): boolean => surely.some((pattern) => pattern.test(sql));
export const mayFail = (sql: string): boolean => maybe.some((pattern) => pattern.test(sql));

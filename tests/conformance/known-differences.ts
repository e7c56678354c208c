/* Kinds of values in which we differ from Flink on purpose: docs/differences.md is made of them, and what `npm run fuzz`
 * finds is held against them. Single cases of queries and sinks stand in differences.ts. */

/** A difference that the fuzzer found: the call shape, how the answers differ, an example and both answers. */
export interface Difference {
  readonly shape: string;
  readonly how: string;
  readonly sql: string;
  readonly ours: string;
  readonly theirs: string;
}
export interface KnownDifference {
  readonly title: string;
  readonly text: string;
  /** Whether a difference is of this kind. Absent: expressions do not show it. */
  matches?(d: Difference): boolean;
}

const theyStop = (d: Difference): boolean => d.how === 'they fail' || d.how === 'they refuse';
const isValue = (d: Difference): boolean => d.how === 'value' || d.how.startsWith('NULL of');

/** Shapes whose result is one of their arguments, or a comparison of them. */
const chooses = /CASE|COALESCE|\bIF|NULLIF|GREATEST|LEAST|ARRAY|MAP|ROW|\bIN \(|BETWEEN| [<>=]+ |DISTINCT/;

/** Equal but for the last digits of a number. */
function nearly(d: Difference): boolean {
  const numbers = (text: string): number[] => (text.match(/-?\d+(?:\.\d+)?(?:E-?\d+)?/g) ?? []).map(Number);
  const [a, b] = [numbers(d.ours), numbers(d.theirs)];
  return (
    a.length === b.length &&
    a.length > 0 &&
    a.every((x, i) => x === b[i] || Math.abs(x - b[i]!) <= 4e-15 * Math.abs(x) || Math.abs(x) < 1e-15)
  );
}
/** Names of the sample types whose columns stand in an expression. */
const typesIn = (sql: string): Set<string> =>
  new Set(Array.from(sql.matchAll(/`([A-Z0-9_]+?)_\dn?`/g), ([, name]) => name!));
/** Reasons that Flink gives, each with the expressions for which it does. */
type Reasons = readonly (readonly [reason: RegExp, where: RegExp | ((sql: string) => boolean)])[];
const isAbout = (d: Difference, reasons: Reasons): boolean =>
  reasons.some(
    ([reason, where]) =>
      reason.test(d.theirs) && (where instanceof RegExp ? where.test(d.sql) : where(d.sql)),
  );

const bareNull = /(?<!AS [A-Z0-9_<>(), ]*)\bNULL\b(?! AS)/;
const withoutTypedNull = (sql: string): string =>
  sql
    .replace(/ {2}-- .*/, '')
    .replace(/CAST\(NULL AS [^)]*\)+/g, '')
    .replace(/ AS [A-Z_]+(?:\([\d, ]+\))?/g, '');
const ofBareNull: Reasons = [
  [
    /Illegal use of 'NULL'|<NULL>|Cannot apply 'TRIM'|ELSE clause or at least one THEN clause must be non-NULL/,
    /./,
  ],
  [/Unsupported casting from NULL|Assignment conversion not possible/, /^(?:GREATEST|LEAST)\(/],
  [/Parameters must be of the same type/, /(?:MAP|ARRAY)\[/],
  [/Values in expression list must have compatible types/, / IN \(|^CASE NULL/],
  [/Could not infer an output type/, /^(?:GREATEST|LEAST)\(NULL(?:, NULL)*\)/],
  [/Type is not supported: ANY/, /^JSON_/],
  [/Index can only be an INTEGER NUMERIC type/, /^ELT\(NULL/],
  [/Expected a boolean type/, /^CASE WHEN (?:.* WHEN )?NULL\b/],
  [/SqlLiteral cannot be cast/, /ROW\(.* IN \(.*NULL/],
  [/requires to be an? ARRAY type/, /^ARRAY_\w+\(NULL/],
  [/Unsupported argument type/, /^TO_TIMESTAMP_LTZ\(NULL/],
  [/IllegalArgumentException: Illegal type: NULL/, /^ROW\(.*\bNULL\b.* ROW\(|^ROW\(.* ROW\(.*\bNULL\b/],
  [/UnsupportedOperationException$/, /^ROW\(.* IN \(.*NULL/],
  [
    /Invalid input arguments/,
    /^(?:ARRAY_(?!JOIN)\w+|MAP_\w+|CARDINALITY|ELEMENT|IFNULL|COALESCE)\((?:.*, )?NULL\b/,
  ],
];

const isConstant = (sql: string): boolean => !sql.includes('`');
/** A FLOAT or DOUBLE that may be NaN or infinite: each column of them is in a row. */
const mayBeNaN = (sql: string): boolean => /NaN|Infinity|`(?:FLOAT|DOUBLE|ARRAY_DOUBLE)_/.test(sql);
const asksForDecimal = (sql: string): boolean =>
  /^(?:ROUND|TRUNCATE)\(|\b(?:DECIMAL|DEC|NUMERIC)|`DECIMAL|\d\.\d/.test(sql);
/** Values of two types at least, FLOAT, DOUBLE or DECIMAL among them. */
const mixesNumbers = (sql: string): boolean =>
  /DECIMAL|DOUBLE|FLOAT|\d\.\d|\de\d/.test(sql) && (isConstant(sql) || typesIn(sql).size > 1);
const bringsTogether = /^(?:GREATEST|LEAST|ARRAY_\w+|MAP_UNION|IFNULL|COALESCE)\(|^ARRAY\[/;

const brokenThere: Reasons = [
  [/NumberFormatException: Character [NI]/, (sql) => mayBeNaN(sql) && asksForDecimal(sql)],
  [/NumberFormatException: Infinite or NaN/, (sql) => isConstant(sql) && mayBeNaN(sql)],
  [
    /Zero length BigInteger/,
    (sql) => /^(?:ARRAY|MAP)_/.test(sql) && asksForDecimal(sql) && mixesNumbers(sql),
  ],
  [/DateTimeParseException/, /(?:TEXT|CHAR).* BETWEEN .*`(?:DATE|TIME|TIMESTAMP\d|LTZ\d)_\dn?`/],
  [/DateTimeException: For input string/, /' BETWEEN '.*(?:DATE|TIME) '/],
  [/DateTimeParseException/, /' BETWEEN '.* AS (?:DATE|TIME)/],
  [/ClassCastException: .*BigDecimal/, /^JSON_VALUE\(.* RETURNING DOUBLE/],
  [/ArithmeticException: (?:Underflow|BigInteger would overflow)/, /^(?:ROUND|TRUNCATE)\(/],
  [/NullPointerException$/, (sql) => bringsTogether.test(sql) && mixesNumbers(sql)],
  [/NullPointerException$/, /^TRUNCATE\(/],
  [/Assignment conversion not possible/, /^(?:TRUNCATE|SIGN)\(.*(?:TINYINT|SMALLINT)/],
  [/A method named/, /^(?:GREATEST|LEAST)\(.*(?:BYTES|BINARY|X')/],
  [/Unsupported call: ATAN2/, /^ATAN2\(/],
  [/Unsupported call: HASH_CODE\(TIMESTAMP_LTZ/, /^HASH_CODE\(/],
  [/Unsupported algorithm/, /^SHA2\(/],
  [/Unsupported call: JSON_EXISTS/, /^JSON_EXISTS\(/],
  [/TIMESTAMP_LTZ only supports diff|MatchError: \((?:DATE|TIME)/, /^TIMESTAMPDIFF\(/],
  [/Unsupported temporal arithmetic/, /LTZ.* [-+] INTERVAL|INTERVAL.* \+ .*LTZ/],
  [/Mismatch of function's argument data type '(?:DATE|TIME\(0\)) NOT NULL'/, /INTERVAL|TIMESTAMPADD/],
  [/Mismatch of function's argument data type 'BOOLEAN NOT NULL'/, / IN \((?:[^,]*,){19}| LIKE `/],
  [/Mismatch of function's argument data type 'BOOLEAN NOT NULL'/, /^CAST\('-?(?:NaN|Infinity)'.* IN \(/],
  [
    /Mismatch of function's argument data type 'BOOLEAN NOT NULL'/,
    /^TO_TIMESTAMP_LTZ\([^`]* IS NOT DISTINCT FROM TO_TIMESTAMP_LTZ\([^`]*$/,
  ],
  [/UnsupportedOperationException$/, /^CASE .*CAST\((?:NULL|ROW\(.*\)) AS ROW</],
  [/failed to preserve datatypes/, /^CAST\(ROW\(.* AS ROW<.* (?:=|<>) ROW\(/],
  [/Could not infer arguments in range|ClassCastException/, /^ELT\(/],
  [/Unsupported type when convertTypeToSpec: INTERVAL/, /INTERVAL/],
  [/DateTime(?:Parse)?Exception: /, /^\(.*\b(?:DATE|TIME|TIMESTAMP\d|LTZ\d)_\dn?`.* IN \(\(/],
  [/DateTimeException: For input string/, /^ROW\(.*(?:DATE|TIME).* = ROW\(/],
  [/Invalid input arguments/, /^ARRAY_\w+\(ARRAY\[ROW\(.*ROW\(.*CAST\(NULL AS/],
  [/Unsupported cast from '(?:DECIMAL|(?:VAR)?CHAR|STRING)/, / AS INTERVAL | BETWEEN INTERVAL /],
  [
    /Unsupported cast from 'ARRAY<ROW|failed to preserve datatypes/,
    /^(?:TRY_)?CAST\((?:ARRAY\[ROW|`ARRAY_ROW_).* AS ARRAY<STRING>/,
  ],
  [/Cannot convert [01] to DECIMAL/, /CAST\(.* AS DECIMAL|DECIMAL5_5.* AS BOOLEAN/],
  [/EnforcerException: Column 'v\d+' is NOT NULL/, /^(?:REGEXP_REPLACE|LPAD|RPAD)\(/],
];
const takenWider: Reasons = [
  [/Cannot apply 'IF'/, /^IF\(/],
  [/Invalid input arguments/, /^ARRAY_(?:SORT\(|(?:APPEND|PREPEND|CONTAINS|POSITION|REMOVE)\(ARRAY\[ARRAY)/],
  [/is not scalar or cannot be converted into JSON/, /^JSON_/],
  [/Unsupported argument type/, /^JSON_STRING\(CAST\(NULL AS TIME/],
  [/should support both/, /^ARRAY_(?:MAX|MIN)\(/],
  [/Cannot apply 'HASH_CODE'/, /INTERVAL/],
  [/Cannot apply 'OVERLAPS'/, / OVERLAPS /],
  [/Cannot apply 'BETWEEN ASYMMETRIC'/, / BETWEEN .*(?:DATE|TIME|LTZ)/],
  [/Cast function cannot convert value of type INTERVAL/, /CAST\(.*INTERVAL/],
  [/Values in expression list must have compatible types/, / IN \(/],
  [/Argument to function '[^']*' must not be NULL/, /^JSON_OBJECT\(/],
  [/Index must be an integer starting from '0'/, /^ELT\(-/],
  [/Invalid escape/, / ESCAPE /],
  [/unit \w+ can not be applied to/, /^EXTRACT\(/],
  [/Invalid (?:pattern|timezone) for parsing/, /^TO_TIMESTAMP_LTZ\(/],
];

/** The entries of maps, in whatever order. */
const entries = (text: string): string => [...text.replace(/[{}"]/g, '').split(', ')].sort().join();

/** Types that differ in NOT NULL alone: Flink says it of more. */
function moreNotNull(d: Difference): boolean {
  const count = (type: string): number => type.split(' NOT NULL').length;
  return count(d.theirs) > count(d.ours);
}
/** Whether the last text of an expression, or of the values beside it, is a number. */
function endsWithNumber(sql: string): boolean {
  const [, text = ''] = /'([^']*)'[^']*$/.exec(sql) ?? [];
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(text);
}
/** Whether a column stands twice around = or IN. */
const comparesWithItself = (sql: string): boolean => / (?:=|IN) .*/.test(sql) && /(`\w+`).*\1/.test(sql);
/** What is constant in an expression, and the calls around it. */
const withoutColumns = (sql: string): string => sql.replace(/`\w+`/g, '').replace(/\w+\(/g, '');

/** Types, or their names. */
const bothIntervals = (d: Difference): boolean =>
  d.ours.includes('INTERVAL') && d.theirs.includes('INTERVAL');

/** Texts whose numbers are the same FLOATs. */
function sameFloats(d: Difference): boolean {
  const floats = (text: string): string =>
    text.replace(/-?\d+\.\d+(?:E-?\d+)?/g, (n) => String(Math.fround(Number(n))));
  return /\d\.\d/.test(d.ours) && !d.ours.includes(':') && floats(d.ours) === floats(d.theirs);
}
function nearlyFloat(d: Difference): boolean {
  const numbers = (text: string): number[] => (text.match(/-?\d+(?:\.\d+)?(?:E-?\d+)?/g) ?? []).map(Number);
  const [a, b] = [numbers(d.ours), numbers(d.theirs)];
  return (
    a.length === b.length &&
    a.length > 0 &&
    a.every((x, i) => Math.abs(x - b[i]!) <= 1e-6 * Math.abs(x) || Math.abs(x) < 1e-40)
  );
}

/** Characters of two units of UTF-16, and those of one that come behind them in UTF-16 and before them by code point. */
const astral = /[\u{10000}-\u{10ffff}]/u;
const highInUtf16 = /[\ue000-\uffff]/;
const withoutDigits = (text: string): string => text.replace(/\d+/g, '');

const losesTime =
  /^(?:COALESCE|IFNULL|ARRAY_\w+) does not take \((?:.*\b(?:DATE|TIME\(\d\)).*TIMESTAMP|.*TIMESTAMP\(.*\b(?:DATE|TIME\(\d\)))/;

/** Without the blanks that a CHAR is filled up with. */
const withoutPadding = (answer: string): string => answer.replace(/ *"$/, '');

export const knownDifferences: readonly KnownDifference[] = [
  {
    title: 'NULL without a type',
    text: 'Flink refuses it in many places ("Illegal use of NULL"), or fails to generate code. We give it the type that its place asks for.',
    matches: (d) => theyStop(d) && bareNull.test(withoutTypedNull(d.sql)) && isAbout(d, ofBareNull),
  },
  {
    title: 'Code that Flink fails to generate or to run',
    text: 'Some calls pass Flink’s validator and then break inside: NaN or an infinity where a DECIMAL is asked for (ROUND, TRUNCATE, arrays and comparisons of DOUBLE beside DECIMAL); FLOAT or DOUBLE beside DECIMAL, and arrays of different numbers, with NULL among them; ROUND to a number of digits that no number has; TRUNCATE and SIGN of TINYINT and SMALLINT; GREATEST and LEAST of bytes; ATAN2 of DECIMAL beside DOUBLE; HASH_CODE of TIMESTAMP_LTZ; SHA2 of a constant NULL; JSON of a constant NULL that is a date or time; TIMESTAMPDIFF of a TIMESTAMP_LTZ beside another time, and of a TIME beside a DATE; months added to a TIMESTAMP_LTZ, and a DATE or TIME that is NOT NULL plus or minus months; long lists of IN; ELT and the path of JSON_EXISTS by a column; a text that is never NULL LIKE a column; a constant TIMESTAMP_LTZ IS NOT DISTINCT FROM another, and a NaN in a list; intervals in collections; an array of rows as an array of texts; a text BETWEEN a text and a time, of which the second is asked though the first says FALSE; DECIMAL as an interval; a constant ROW, or one in a list of rows, beside another whose field is no time, though the one before differs; constant ROWs that are cast, beside others; a constant ROW with a typed NULL put into an array of rows; TRUE as a DECIMAL without room for 1, and such a one as a BOOLEAN; a malformed regular expression in REGEXP_REPLACE, and a length below 0 in LPAD and RPAD, whose type is NOT NULL. We answer.',
    matches: (d) => theyStop(d) && isAbout(d, brokenThere),
  },
  {
    title: 'Casts of casts',
    text: 'Flink takes the cast of a FLOAT or DOUBLE to a short text for one that loses nothing, and leaves it out where it is cast to text again: CAST(CAST(1.5E0 AS VARCHAR(1)) AS STRING) is 1.5. Ours is 1. So it is with CAST(CAST(0.5 AS DECIMAL(1, 0)) AS DOUBLE), which is 0.5 there and 1 here.',
    matches: (d) =>
      isValue(d) &&
      (d.sql.startsWith('CAST(CAST(0.5 AS DECIMAL(1, 0)) AS ') ||
        (/^(?:TRY_)?CAST\((?:`(?:FLOAT|DOUBLE)_\dn?`|CAST\(.* AS (?:FLOAT|DOUBLE)\)|-?[\d.]+e\d+) AS (?:VAR)?CHAR(?:\(\d+\))?\)/.test(
          d.sql,
        ) &&
          d.theirs.startsWith(d.ours.slice(0, -1)))),
  },
  {
    title: 'Types that Flink does not take',
    text: 'A few functions are taken wider here: IF of arrays, maps, rows, times and bytes; ARRAY_SORT, ARRAY_MIN and ARRAY_MAX of rows and arrays, in order of their parts; an array put into an array of arrays whose elements are NOT NULL; comparisons of nested values; HASH_CODE of intervals; intervals in arrays and maps; CAST of an interval to a number; OVERLAPS of different times, and BETWEEN a text and times; times and texts in one list of IN; a key of JSON_OBJECT that may be NULL; ELT with a constant index below 0; EXTRACT of units that a DATE or a TIME does not have. What is wrong with a constant (the escape of LIKE, a pattern of date and time, a zone) Flink says when it plans, we when a row meets it.',
    matches: (d) => theyStop(d) && isAbout(d, takenWider),
  },
  {
    title: 'NOT NULL by simplification',
    text: 'Flink simplifies constants before it types them, so it may know that a result is not NULL where we do not: NULLIF(1, 2), CASE with constant conditions, x IN (y, x). The values are the same. A constant NULL beside one that cannot be cast, and a cast that does not exist of a constant NULL, is NULL there, and fails here.',
    matches: (d) =>
      (d.how === 'nullability of literals' && moreNotNull(d)) ||
      (d.how === 'nullability' &&
        moreNotNull(d) &&
        (/['\d]|\b(?:NULL|TRUE|FALSE)\b/.test(withoutColumns(d.sql)) || comparesWithItself(d.sql))) ||
      (d.how === 'we refuse' && isConstant(d.sql) && d.sql.includes('CAST(NULL AS ')) ||
      (d.how === 'we fail' &&
        d.theirs === 'answers' &&
        /\bNULL\b/.test(d.sql) &&
        !d.sql.includes('`') &&
        /^cannot cast /.test(d.ours)),
  },
  {
    title: 'LIKE of everything',
    text: "x LIKE '%' ESCAPE NULL is TRUE in Flink, whose planner sees that all texts match; NULL here, and an error where the escape is none. So it is with LIKE 'A%' ESCAPE '': Flink does not look at the escape of a pattern that only begins with something.",
    matches: (d) =>
      (d.how === 'NULL of ours' || d.how === 'we fail') && / LIKE '[^'_]*%' ESCAPE /.test(d.sql),
  },
  {
    title: 'The last digit of transcendental functions',
    text: 'SIN, COS, TAN, COT, SINH, COSH, TANH, EXP, POWER, LN, LOG and the like come from the JVM there and from the JavaScript engine here: neither rounds every result correctly, and the last of seventeen digits may differ.',
    matches: (d) =>
      isValue(d) &&
      /\b(?:SIN|COS|TAN|COT|ASIN|ACOS|ATAN|ATAN2|SINH|COSH|TANH|EXP|POWER|LN|LOG|LOG2|LOG10|SQRT|RADIANS|DEGREES)\b/.test(
        d.shape,
      ) &&
      nearly(d),
  },
  {
    title: 'The last day before 1970',
    text: 'Flink rounds times before 1970 towards 1970 when it takes their parts: YEAR of 1969-12-31 23:59:59 is 1970, HOUR is 0. Ours are 1969 and 23.',
    matches: (d) =>
      ((isValue(d) && !chooses.test(d.shape) && !d.shape.startsWith('TO_DATE')) ||
        /Invalid time format/.test(d.theirs)) &&
      d.sql.includes('1969-12-31 23:59:59'),
  },
  {
    title: 'Years before 1 and after 9999',
    text: 'Flink prints the years 10000 and later without their first digit (0000-01-31), those before 1 with a stray character, and takes parts of very early dates by the offset of local mean time. We print +10000-01-31 and -0001-12-01, and count days. FROM_UNIXTIME beyond the year 285,000 is right to a second here. A constant text of the year 0 as a DATE fails there. PRINTF of a number as a time counts the years before 1 down from 1 there.',
    matches: (d) =>
      (d.how === 'they fail' && /Year out of range/.test(d.theirs)) ||
      (isValue(d) && d.shape.startsWith('FROM_UNIXTIME') && /= -?\d{14,}$/.test(d.sql)) ||
      (isValue(d) && d.shape.startsWith('PRINTF') && /%t/.test(d.sql) && /^"-/.test(d.ours)) ||
      (isValue(d) &&
        !(d.shape.startsWith('TO_DATE') && d.how === 'NULL of ours') &&
        /@T|@D|@TS|@X|@SIMPLE|@IV|imeText|TIME|DATE|CAST|EXTRACT/.test(d.shape) &&
        (/\+\d{5,}-\d\d|\d{5,}-\d\d-\d\d|-\d{4}-\d\d-\d\d|0000-/.test(d.ours) ||
          /0000-|000\/|-000/.test(d.theirs) ||
          /0001-01-01|9999-12-31|10000-01-01/.test(d.sql))),
  },
  {
    title: 'October 1582',
    text: 'DATE literals are strict in Flink about the ten days that the Gregorian calendar left out, and its csv format reads 1582-10-10 as 1582-10-20. Our calendar is Gregorian throughout, but for SimpleDateFormat’s functions.',
    matches: (d) =>
      /1582-10/.test(d.sql + d.theirs) &&
      (/Illegal DATE literal/.test(d.theirs) ||
        d.shape.startsWith('csv') ||
        (isValue(d) && !chooses.test(d.shape))),
  },
  {
    title: 'The order of entries in a MAP or MULTISET',
    text: 'Has no meaning. Flink shows a hash map’s, we the order in which entries came.',
    matches: (d) => isValue(d) && /[{]/.test(d.ours) && entries(d.ours) === entries(d.theirs),
  },
  {
    title: 'NULL elements of arrays and maps that are brought to one type',
    text: 'ARRAY_CONCAT, ARRAY_UNION, MAP_UNION and the like of different number types give 0 for NULL in Flink, and nested constant texts an empty text. We keep NULL.',
    matches: (d) =>
      isValue(d) &&
      /ARRAY|MAP/.test(d.shape) &&
      /NULL/.test(d.ours) &&
      (/\b0(?:\.0+)?\b|\[\]/.test(d.theirs) ||
        d.ours.replaceAll('NULL', '') === d.theirs.replaceAll('NULL', '')),
  },
  {
    title: 'NaN',
    text: 'In Flink NaN is greater than a DECIMAL, equal to nothing and yet to itself where the planner sees one column twice, in an array not found, and breaks the order of ARRAY_SORT, ORDER BY and Top-N. Here a comparison with NaN is FALSE, <> TRUE; where values are put in order, and for equality of keys and elements, NaN is one value greater than all others.',
    matches: (d) =>
      isValue(d) &&
      /NaN/.test(d.sql + d.ours + d.theirs) &&
      /[<>=]|ARRAY|GREATEST|LEAST|BETWEEN|IN|CASE|NULLIF|DISTINCT|MAP/.test(d.shape),
  },
  {
    title: 'Zero with a sign',
    text: "Beside a DECIMAL 0 the DOUBLE -0.0 is less in Flink, in rows too; equal here. Flink folds the constant CAST('-0.0' AS DOUBLE) to 0.0, and its json format reads -0.0 into a FLOAT as 0.0. We keep the sign. In arrays, and to GREATEST and LEAST, -0.0 and 0.0 are two values in Flink, one here.",
    matches: (d) =>
      isValue(d) &&
      /-0\.0/.test(d.sql + d.ours) &&
      (d.shape.startsWith('ARRAY_') ||
        !d.sql.includes('`') ||
        (/DECIMAL/.test(d.sql) && / (?:[<>]=?|=|<>) |BETWEEN|DISTINCT/.test(d.shape)) ||
        d.ours.replaceAll('-0.0', '0.0') === d.theirs.replaceAll('-0.0', '0.0')),
  },
  {
    title: 'Characters beyond U+FFFF in comparisons',
    text: 'Flink compares texts by UTF-16 or by UTF-8, as it has them at the time. We compare by code point. JSON_QUOTE of such a character is broken in Flink, and STR_TO_MAP by a pattern that finds nothing between takes it apart. A nested value cast to CHAR is filled up by UTF-16 there, by characters here, and the length of a constant text is counted so: an array of them has room for more when another is put into it.',
    matches: (d) =>
      isValue(d) &&
      astral.test(d.sql) &&
      ((highInUtf16.test(d.sql) && / [<>]=? |BETWEEN|GREATEST|LEAST|ARRAY_(?:SORT|MAX|MIN)/.test(d.shape)) ||
        (d.shape.startsWith('TYPEOF') && withoutDigits(d.ours) === withoutDigits(d.theirs)) ||
        (d.shape.startsWith('STR_TO_MAP') && d.theirs.includes('?')) ||
        d.shape.startsWith('JSON_QUOTE') ||
        (isConstant(d.sql) && /^ARRAY_(?:APPEND|PREPEND)\(/.test(d.sql)) ||
        (/^(?:TRY_)?CAST\(.* AS CHAR/.test(d.sql) && withoutPadding(d.ours) === withoutPadding(d.theirs))),
  },
  {
    title: 'Objects as text',
    text: 'PRINTF with %s and %h of bytes, arrays, maps, rows and texts shows Java’s object identity or Flink’s internal hash. We show the value for %s, and give NULL for %h. %a is not there.',
    matches: (d) =>
      isValue(d) &&
      d.shape.startsWith('PRINTF') &&
      (/%[-0-9.]*h/.test(d.sql) ||
        /%a/i.test(d.sql) ||
        /`(?:ARRAY|MAP|ROW|BYTES|BINARY|VARBINARY)_|X'|ARRAY\[|MAP\[|ROW\(/.test(d.sql)),
  },
  {
    title: 'FLOAT and DOUBLE as text',
    text: 'The shortest digits that read back as the same number, as Java has them since version 19. On Java 17, on which the answers were recorded, some numbers have one digit more: 1.23456792E8 for 1.2345679E8.',
    matches: (d) => isValue(d) && sameFloats(d),
  },
  {
    title: 'IN with values of several types',
    text: 'Flink casts the list to the type of the first value, which may cut, round or pad: 2147483647 IN (3.4E38) is TRUE. We compare by a type that holds both. Numbers and times beside each other in the list for a text are refused.',
    matches: (d) =>
      (isValue(d) && / IN \(/.test(d.sql) && (typesIn(d.sql).size > 1 || !d.sql.includes('`'))) ||
      (d.how === 'we refuse' && /^IN does not take \(STRING.*(?:DATE|TIME)/.test(d.ours)),
  },
  {
    title: 'NULL inside of arrays, maps and rows',
    text: 'To Flink two arrays, maps or rows with a NULL at the same place are not equal, nor found in an array. To us they are. ROW(…) = ROW(…) is written out field by field by both, and NULL where a field is; IS [NOT] DISTINCT FROM of such rows is FALSE or NULL in Flink, whatever is in them; here it is right, and never NULL. Flink tells integers above 127 in maps apart that are equal.',
    matches: (d) =>
      isValue(d) &&
      (/^ROW\(.* IS (?:NOT )?DISTINCT FROM ROW\(/.test(d.sql) || /NULL/.test(d.sql)) &&
      /ARRAY|MAP|ROW/.test(d.sql) &&
      /[<>=]|CASE|IN|NULLIF|CONTAINS|POSITION|REMOVE|DISTINCT|UNION|EXCEPT|INTERSECT/.test(d.shape),
  },
  {
    title: 'ROUND and TRUNCATE by a column',
    text: 'Where the number of digits is no constant, Flink gives a DECIMAL fewer digits than its type has, or more than fit. We keep the type: NULL where the result does not fit.',
    matches: (d) => isValue(d) && /^(?:ROUND|TRUNCATE)\(/.test(d.sql),
  },
  {
    title: 'TO_DATE of what is no date',
    text: 'Of what does not fit its pattern TO_DATE gives 5471-09-27 in Flink, an overflow; NULL here, as without a pattern. A year beyond 32 bits fails there.',
    matches: (d) =>
      d.shape.startsWith('TO_DATE') &&
      ((d.how === 'NULL of ours' && d.theirs === '"5471-09-27"') ||
        (d.how === 'they fail' && /NumberFormatException: For input string/.test(d.theirs))),
  },
  {
    title: 'Intervals',
    text: 'CAST(1 AS INTERVAL YEAR) is one month in Flink, a year here. The least number of months or milliseconds prints with two signs there. A count of months or days beyond 32 bits wraps in Flink, TIMESTAMPADD’s too, or fails. An interval that is computed counts in its own last unit there where an array of integers takes it, in seconds here.',
    matches: (d) =>
      /INTERVAL|TIMESTAMPADD/.test(d.sql) &&
      ((d.how === 'they fail' && /integer overflow/.test(d.theirs)) ||
        (d.how.startsWith('type') && bothIntervals(d)) ||
        (isValue(d) && d.shape.startsWith('TYPEOF') && bothIntervals(d)) ||
        (isValue(d) && / AS INTERVAL /.test(d.sql) && /^"[+-]/.test(d.ours) && /^"[+-]/.test(d.theirs)) ||
        (isValue(d) && /--|2147483648|9223372036854775808|\d{7,}/.test(d.ours + d.theirs))),
  },
  {
    title: 'Constants in other types',
    text: "Flink folds constants before it brings them to one type: ARRAY[1.0, CAST(0.1 AS FLOAT)] shows 0.1 where a column shows 0.10000000149011612, and IFNULL of constants has the type of the first. CAST(0.1 AS FLOAT) equals CAST(0.1 AS DOUBLE) as constants, and -(-2147483648) is 2147483648. IFNULL of a BINARY that is never NULL beside a VARBINARY is that BINARY there. TYPEOF with TRUE of an empty X'' or text, or of a ROW with one, is NULL.",
    matches: (d) =>
      (isValue(d) &&
        !d.sql.includes('`') &&
        (nearlyFloat(d) ||
          d.sql === '-(-2147483648)' ||
          (/ (?:=|<>|IN) |^CASE|^NULLIF/.test(d.shape) && /FLOAT|DOUBLE|DECIMAL/.test(d.sql)))) ||
      d.how === 'type of literals' ||
      (d.how === 'type' && /^IFNULL\(`BINARY_\dn?`, `VARBINARY_/.test(d.sql)) ||
      (d.how === 'NULL of theirs' && /^TYPEOF\(.*''.*, TRUE\)/.test(d.sql)),
  },
  {
    title: 'MOD of what is beyond BIGINT',
    text: 'A DECIMAL by an integer, as MOD(x, 10) and x % 10, takes the low 64 bits of x in Flink: 0 for 18446744073709551616. Here it is 6.',
    matches: (d) =>
      isValue(d) && /^MOD\(| % /.test(d.shape) && /\d{19,}/.test(d.sql) && /DECIMAL|\d{20,}/.test(d.sql),
  },
  {
    title: 'Text that is no time, equal to a time',
    text: 'x = t and x <> t are NULL where the text x is no time. Where neither may be NULL Flink still calls that NOT NULL, and so what IS DISTINCT FROM says of it: FALSE to most, an empty text as text. Here the type says that it may be NULL, and they are distinct.',
    matches: (d) =>
      /=|<>|DISTINCT/.test(d.shape) &&
      /TEXT|CHAR|STRING|`L_/.test(d.sql) &&
      /`(?:DATE|TIME|TIMESTAMP|LTZ)\d?_\d?n?/.test(d.sql) &&
      ((isValue(d) && d.theirs === '""') || (d.how === 'nullability' && moreNotNull(d))),
  },
  {
    title: 'Nested values as arguments',
    text: 'Flink orders arrays by <=, compares arrays of numbers with arrays of arrays, compares arrays and maps whose parts have nothing in common, takes arrays and times as JSON text, and compares texts with BOOLEANs and intervals by = and <>, without sense in the answer: no text equals TRUE. We refuse.',
    matches: (d) =>
      d.how === 'we refuse' &&
      (/JSON_VALUE|[<>]=? /.test(d.shape) ||
        /^(?:=|[<>]=|IS (?:NOT )?DISTINCT FROM) does not take \((?:ARRAY|MAP)</.test(d.ours) ||
        /take \((?:.*(?:STRING|CHAR).*(?:BOOLEAN|INTERVAL)|(?:BOOLEAN|INTERVAL).*(?:STRING|CHAR))/.test(
          d.ours,
        )),
  },
  {
    title: 'Zones by short names',
    text: 'TO_TIMESTAMP_LTZ gives NULL for a zone that java.time does not know, such as PST. We know it.',
    matches: (d) => isValue(d) && /^TO_TIMESTAMP_LTZ/.test(d.sql) && /\b(?:PST|EST|MST|HST)\b/.test(d.sql),
  },
  {
    title: 'Times of day and dates by units that they do not have',
    text: 'SECOND of a DATE, FLOOR of a TIME to MONTH, TIMESTAMPADD and TIMESTAMPDIFF of a TIME by weeks or beside a DATE give numbers without sense in Flink, and CEIL of a Sunday TO WEEK goes back. Here a DATE has the time 0, and a TIME stays as it is.',
    matches: (d) =>
      isValue(d) &&
      (/(?:`DATE_|`TIME_\d|DATE '|TIME ')/.test(d.sql) || /TO WEEK\)/.test(d.sql)) &&
      /SECOND|MINUTE|HOUR|FLOOR|CEIL|TIMESTAMPADD|TIMESTAMPDIFF|EXTRACT/.test(d.shape),
  },
  {
    title: 'A key that comes twice in MAP[…]',
    text: 'Flink keeps both entries of columns, and one of constants. We keep both; as JSON the last is written.',
    matches: (d) => isValue(d) && /MAP\[/.test(d.sql),
  },
  {
    title: 'DECIMAL that overflows',
    text: 'The result is NULL though its type is NOT NULL; cast to STRING Flink shows an empty text.',
    matches: (d) => d.how === 'NULL of ours' && d.theirs === '""' && /DECIMAL|\d\.\d/.test(d.sql),
  },
  {
    title: 'Not here',
    text: 'COALESCE, IFNULL and functions of arrays that bring a DATE or TIME and a TIMESTAMP to one type, which in Flink is the shorter and loses the rest, are refused, and so is a FLOAT, DOUBLE or DECIMAL as the key of a map of other numbers. SHA2 to 1 bit fails: in Flink it is SHA-1. (time - time) DAY is refused, and so are PERCENTILE of an interval, which Flink casts to TINYINT, COALESCE of an interval and a number, and EXTRACT(CENTURY FROM …) of an interval. JSON_QUERY of malformed text RETURNING ARRAY gives what ON ERROR says, where Flink may give NULL.',
    matches: (d) =>
      (d.how === 'we refuse' &&
        (/\) DAY$/.test(d.shape) ||
          losesTime.test(d.ours) ||
          /^ITEM does not take \(MAP/.test(d.ours) ||
          /^(?:COALESCE|EXTRACT) does not take \(INTERVAL/.test(d.ours))) ||
      (d.how === 'we fail' && d.ours.startsWith('SHA2: no digest of 1 bits')) ||
      (d.how === 'NULL of theirs' && /RETURNING ARRAY/.test(d.sql)),
  },
  {
    title: 'Long numbers',
    text: 'A number beyond BIGINT is a DECIMAL here, as long as it has 38 digits; Flink refuses it.',
    matches: (d) => d.how === 'they refuse' && /Numeric literal/.test(d.theirs),
  },
  {
    title: 'Text that is no number',
    text: "CAST('t' AS DECIMAL) is 0 in Flink, CAST('1f' AS DECIMAL) is 1. Here both fail, as they do for integers. CAST('0' AS DECIMAL(5, 5)), a zero with all its digits behind the point, is NULL there; so is a zero in front that has no place, '007' AS DECIMAL(1, 0). Of constants Flink fails on them.",
    matches: (d) =>
      / AS (?:DEC|NUMERIC)/.test(d.sql) &&
      ((d.how === 'NULL of ours' && !endsWithNumber(d.sql)) ||
        (d.how === 'NULL of theirs' && (/^"-?0\.0+"$/.test(d.ours) || /'[-+]?0+\d/.test(d.sql))) ||
        (d.how === 'they fail' && /For input string: '[-+]?0[\d.]*'. Overflow/.test(d.theirs)) ||
        (d.how === 'we fail' && d.ours.startsWith("cannot cast '"))),
  },
  {
    title: 'VARIANT',
    text: "Where a constant is a VARIANT, as PARSE_JSON('1') is, Flink mixes up the constants of the query: it shows one for another, or fails; so it does for CASE, NULLIF, UNION, EXCEPT and INTERSECT of VARIANT and BITMAP, for which its planner has no rule ('No assign rules'). We answer. A NULL beside the text says nothing about names that come twice, so the result is NULL; Flink fails with a NullPointerException. v['a'] = v['b'] is never TRUE in Flink, for it also compares where the two stand in v; ours are equal where values and names are.",
    matches: (d) =>
      (/PARSE_JSON\((?:'|CAST\(NULL)/.test(d.sql) && d.how !== 'we fail') ||
      (theyStop(d) && /PARSE_JSON/.test(d.sql) && /No assign rules|NullPointerException/.test(d.theirs)),
  },
  {
    title: 'BITMAP',
    text: 'BITMAP_TO_BYTES gives each set in one form, the one in which it is built: Flink keeps runs of three and less that were read as runs. Bytes whose members or containers are out of order are no bitmap here; Flink takes them. A BITMAP that is NOT NULL is cast to BYTES as any other; Flink fails.',
    matches: (d) =>
      (/BITMAP_FROM_BYTES/.test(d.sql) &&
        ((d.how === 'value' && /BITMAP_TO_BYTES/.test(d.sql)) ||
          (d.how === 'we fail' && /not in order/.test(d.ours)))) ||
      (theyStop(d) && /Unsupported cast from 'BITMAP NOT NULL' to/.test(d.theirs)),
  },
  {
    title: 'Structured types',
    text: "A field of OBJECT_OF may be a NULL without a type, or an empty text or X'' as it stands; Flink plans them and fails.",
    matches: (d) =>
      theyStop(d) && /OBJECT_|BITMAP/.test(d.sql) && /Illegal type: NULL|Zero-length/.test(d.theirs),
  },
  {
    title: 'Tables and files',
    text: 'A NOT NULL column that reads NULL from csv is an error here, or the record is left out with csv.ignore-parse-errors. DECIMAL(39, 0) is refused instead of becoming DECIMAL(38, 0). csv.write-bigdecimal-in-scientific-notation = false has no effect on Flink’s files; here it has. A raw NULL cannot be written to a file: Flink fails with a NullPointerException. A NULL ROW that csv wrote as its null literal is read back here, and not by Flink.',
    matches: (d) =>
      (d.how === 'they do not read it' && /^csv .*ROW/.test(d.shape)) ||
      (d.how === 'we do not read it' &&
        d.shape.startsWith('csv') &&
        /is NULL, and its type is NOT NULL/.test(d.ours)) ||
      (d.how === 'bytes' && /scientific-notation="false"/.test(d.sql)),
  },
];

/* SQL/JSON. Special grammar arrives as flags, each a clause as written: 'CONDITIONAL WRAPPER', 'ERROR ON EMPTY',
 * 'DEFAULT ON ERROR', 'ABSENT ON NULL'. Defaults of ON EMPTY and ON ERROR are further arguments, in that order. */

import { UserError, wellFormed } from '#base';
import { isString, notNull, sameType, types, withNullable, type LogicalType, type Value } from '#data';
import type { CallExpr, Expr } from '../expression.ts';
import { castTo } from '../bind/cast-to.ts';
import { bindCall } from '../bind/bind-call.ts';
import {
  integerOf,
  isJsonArray,
  isJsonNumber,
  isJsonObject,
  isJsonScalar,
  JsonSyntaxError,
  numberOf,
  parseJson,
  scalarText,
  writeJson,
  type JsonNode,
} from '../values/json.ts';
import { jsonPath, JsonPathError, readPath } from '../values/json-path.ts';
import { jsonOf } from '../values/json-of-value.ts';
import { canCastExplicitly } from '../types/cast-rules.ts';
import { define, samplesOf, type Sample } from './define.ts';
import type { Binding, CallOptions, FunctionEntry } from './entry.ts';
import { arrayOf, bool, int, nullOf, str } from './examples.ts';
import { gives, parameters } from './parameters.ts';

const { string, anything } = parameters;

function fail(fn: string, message: string): never {
  throw new UserError('DATA3006', { message: `${fn}: ${message}` });
}

/** What a path finds: a node (undefined: nothing, in lax mode), or why it could not be read. */
type Found = { readonly node: JsonNode | undefined; readonly strict: boolean } | { readonly reason: string };

function find(json: string, path: string): Found {
  let strict = true;
  try {
    const compiled = jsonPath(path);
    strict = compiled.strict;
    const root = parseJson(json);
    if (root === null && compiled.steps.length > 0) return { reason: 'null has no members' };
    const node = readPath(root, compiled.steps, compiled.definite);
    return strict && node === null
      ? { reason: 'null, where strict mode requires a value' }
      : { node, strict };
  } catch (error) {
    // Text that is no JSON has nothing in it, in lax mode.
    if (error instanceof JsonSyntaxError)
      return strict ? { reason: error.message } : { node: undefined, strict };
    if (!(error instanceof JsonPathError)) throw error;
    if (strict) return { reason: error.message };
    return { node: jsonPath(path).definite ? undefined : [], strict };
  }
}

/** What a clause such as ON ERROR says, or what holds without one. */
function clause(flags: readonly string[], suffix: string, otherwise: string): string {
  const flag = flags.find((f) => f.endsWith(` ${suffix}`));
  return flag === undefined ? otherwise : flag.slice(0, -suffix.length - 1);
}

function exists(call: CallExpr): (json: string, path: string) => boolean | null {
  const onError = clause(call.flags, 'ON ERROR', 'FALSE');
  return (json, path) => {
    const found = find(json, path);
    if (!('reason' in found)) return found.node !== undefined && found.node !== null;
    if (onError === 'ERROR') fail('JSON_EXISTS', found.reason);
    return onError === 'UNKNOWN' ? null : onError === 'TRUE';
  };
}

function asType(node: JsonNode, type: LogicalType): Value {
  switch (type.kind) {
    case 'BOOLEAN':
      return typeof node === 'boolean' ? node : fail('JSON_VALUE', `${writeJson(node)} is not a BOOLEAN`);
    case 'INT': {
      const value = integerOf(node, -2147483648n, 2147483647n);
      return value === undefined ? fail('JSON_VALUE', `${writeJson(node)} is not an INT`) : Number(value);
    }
    case 'DOUBLE':
      return isJsonNumber(node) ? numberOf(node) : fail('JSON_VALUE', `${writeJson(node)} is not a DOUBLE`);
    default:
      return scalarText(node);
  }
}

function valueBody(
  call: CallExpr,
): (json: string | null, path: string | null, ...defaults: Value[]) => Value {
  const onEmpty = clause(call.flags, 'ON EMPTY', 'NULL');
  const onError = clause(call.flags, 'ON ERROR', 'NULL');
  return (json, path, ...defaults) => {
    if (json === null || path === null) return null;
    const found = find(json, path);
    let reason: string;
    if ('reason' in found) reason = found.reason;
    else if (
      found.node === undefined ||
      found.node === null ||
      (!found.strict && !isJsonScalar(found.node))
    ) {
      if (onEmpty === 'ERROR') fail('JSON_VALUE', `nothing at ${path}, and ERROR ON EMPTY`);
      return onEmpty === 'DEFAULT' ? defaults[0]! : null;
    } else if (!isJsonScalar(found.node)) reason = `${writeJson(found.node)} is not a scalar`;
    else return asType(found.node, call.type);
    if (onError === 'ERROR') fail('JSON_VALUE', reason);
    return onError === 'DEFAULT' ? defaults.at(-1)! : null;
  };
}

function bindValue(
  [json, path, ...defaults]: readonly Expr[],
  { flags = [], returning = types.STRING }: CallOptions,
): Binding | undefined {
  const supported = ['VARCHAR', 'BOOLEAN', 'INT', 'DOUBLE'].includes(returning.kind);
  if (!supported || defaults.length !== flags.filter((f) => f.startsWith('DEFAULT ')).length)
    return undefined;
  const args = bindStrings([textOfJson(json!), path!]);
  if (args === undefined || !defaults.every((d) => canCastExplicitly(d.type, returning))) return undefined;
  const cast = defaults.map((d) => jsonDefault(d, returning));
  return { args: [...args, ...cast], type: withNullable(returning, true) };
}

/** A VARIANT stands for its JSON text. */
const textOfJson = (json: Expr): Expr =>
  json.type.kind === 'VARIANT' ? bindCall('JSON_STRING', [json]) : json;

/** A default in the type returned; a boolean as text is written as JSON writes it. */
function jsonDefault(value: Expr, returning: LogicalType): Expr {
  if (sameType(value.type, returning, false)) return value;
  // A text is not cut to the length of the type, no more than what is found is.
  if (isString(returning) && isString(value.type)) return value;
  const text = castTo(value, isString(returning) ? types.STRING : returning);
  return value.type.kind === 'BOOLEAN' && isString(returning) ? bindCall('LOWER', [text]) : text;
}

function bindStrings(args: readonly Expr[]): readonly Expr[] | undefined {
  return args.every((a) => isString(a.type) || a.type.kind === 'NULL')
    ? args.map((a) => (a.type.kind === 'NULL' ? nullOf(types.STRING) : a))
    : undefined;
}

function queryBody(call: CallExpr): (json: string, path: string) => Value {
  const wrapper = clause(call.flags, 'WRAPPER', 'WITHOUT');
  const onEmpty = clause(call.flags, 'ON EMPTY', 'NULL');
  const onError = clause(call.flags, 'ON ERROR', 'NULL');
  const asArray = call.type.kind === 'ARRAY';
  const behave = (behaviour: string, reason: string): Value => {
    if (behaviour === 'ERROR') fail('JSON_QUERY', reason);
    if (behaviour === 'EMPTY ARRAY') return asArray ? [] : '[]';
    return behaviour === 'EMPTY OBJECT' ? '{}' : null;
  };
  return (json, path) => {
    const found = find(json, path);
    if ('reason' in found) return behave(onError, found.reason);
    const { node, strict } = found;
    const wrapped =
      node === undefined || node === null
        ? null
        : wrapper === 'UNCONDITIONAL' || (wrapper === 'CONDITIONAL' && !isJsonArray(node))
          ? [node]
          : node;
    if (wrapped === null || (!strict && isJsonScalar(wrapped)))
      return behave(onEmpty, `nothing at ${path}, and ERROR ON EMPTY`);
    if (isJsonScalar(wrapped))
      return behave(onError, `${writeJson(wrapped)} is neither an array nor an object`);
    if (!asArray) return writeJson(wrapped);
    if (!isJsonArray(wrapped)) return behave(onError, `${writeJson(wrapped)} is not an array`);
    return wrapped.map((item) =>
      item === null ? null : isJsonScalar(item) ? scalarText(item) : writeJson(item),
    );
  };
}

function bindQuery(
  args: readonly Expr[],
  { flags = [], returning = types.STRING }: CallOptions,
): Binding | undefined {
  if (returning.kind === 'ARRAY' && flags.some((f) => f.startsWith('EMPTY OBJECT ')))
    throw new UserError('SQL3003', { message: 'EMPTY OBJECT is no ARRAY, which JSON_QUERY is to return' });
  const supported =
    returning.kind === 'VARCHAR' || (returning.kind === 'ARRAY' && returning.element.kind === 'VARCHAR');
  const strings = bindStrings([textOfJson(args[0]!), ...args.slice(1)]);
  if (!supported || strings === undefined) return undefined;
  return { args: strings, type: withNullable(returning, true) };
}

/** Indexes of arguments that are JSON already, as flags: what JSON_OBJECT, JSON_ARRAY and JSON give goes in unquoted. */
function rawFlags(args: readonly Expr[]): string[] {
  return args.flatMap((arg, i) =>
    arg.kind === 'call' && ['JSON_OBJECT', 'JSON_ARRAY', 'JSON'].includes(arg.fn) ? [`RAW ${i}`] : [],
  );
}

/** Arguments as nodes. */
function nodesOf(call: CallExpr): (values: readonly Value[]) => JsonNode[] {
  const convert = call.args.map((arg, i) =>
    call.flags.includes(`RAW ${i}`)
      ? (v: Value) => parseJson(v as string)
      : (v: Value) => jsonOf(v, arg.type),
  );
  return (values) => values.map((v, i) => (v === null ? null : convert[i]!(v)));
}

const construct = (args: readonly Expr[], { flags = [] }: CallOptions): Binding => ({
  args,
  type: notNull(types.STRING),
  flags: [...flags, ...rawFlags(args)],
});

function objectBody(call: CallExpr): (...values: Value[]) => Value {
  const toNodes = nodesOf(call);
  const keepNulls = clause(call.flags, 'ON NULL', 'NULL') === 'NULL';
  return (...values) => {
    const nodes = toNodes(values);
    const members = new Map<string, JsonNode>();
    for (let i = 0; i + 1 < nodes.length; i += 2) {
      if (typeof nodes[i] !== 'string') fail('JSON_OBJECT', 'a key is NULL');
      if (nodes[i + 1] !== null || keepNulls) members.set(nodes[i] as string, nodes[i + 1]!);
    }
    return writeJson(members);
  };
}

function arrayBody(call: CallExpr): (...values: Value[]) => Value {
  const toNodes = nodesOf(call);
  const keepNulls = clause(call.flags, 'ON NULL', 'ABSENT') === 'NULL';
  return (...values) => writeJson(toNodes(values).filter((n) => n !== null || keepNulls));
}

/** IS JSON and its kinds; FALSE for NULL. */
function isJson(kind: string, test: (node: JsonNode) => boolean, sql: string, text: string): FunctionEntry {
  const name = `IS JSON${kind === '' ? '' : ` ${kind}`}`;
  return {
    name,
    family: 'json',
    takes: [`STRING ${name.replace('IS', 'IS [NOT]')}`],
    count: { min: 1, max: 1 },
    bind: (args) => {
      const strings = bindStrings(args);
      return strings && { args: strings, type: notNull(types.BOOLEAN) };
    },
    strict: false,
    body: () => (value: string | null) => {
      if (value === null) return false;
      try {
        return test(parseJson(value));
      } catch (error) {
        if (error instanceof JsonSyntaxError) return false;
        throw error;
      }
    },
    doc:
      kind === '' || kind === 'VALUE'
        ? 'Whether the text is JSON.'
        : `Whether the text is a JSON ${kind.toLowerCase()}.`,
    examples: [{ sql, call: () => bindCall(name, [str(text)]), result: true }],
  };
}

const entry = (
  name: string,
  parts: Omit<FunctionEntry, 'name' | 'family' | 'examples'>,
  samples: readonly Sample[],
): FunctionEntry => ({ name, family: 'json', ...parts, examples: samplesOf(name, samples) });

/** JSON_QUOTE: what is not printable ASCII becomes \u and the code at that place. */
function quote(text: string): string {
  let body = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const short = {
      '"': '\\"',
      '\\': '\\\\',
      '/': '\\/',
      '\b': '\\b',
      '\f': '\\f',
      '\n': '\\n',
      '\r': '\\r',
      '\t': '\\t',
    }[char];
    body +=
      short ??
      (char >= ' ' && char <= '~' ? char : `\\u${text.codePointAt(i)!.toString(16).padStart(4, '0')}`);
  }
  return `"${body}"`;
}

/** JSON_UNQUOTE: the text of a JSON string; anything else stays. */
function unquote(text: string): string {
  if (!/^"[\s\S]*"$/.test(text)) return text;
  try {
    const node = parseJson(text);
    return typeof node === 'string' ? wellFormed(node) : text;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return text;
    throw error;
  }
}

function reformat(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    return writeJson(parseJson(text));
  } catch (error) {
    if (error instanceof JsonSyntaxError) return fail('JSON', `'${text}' is not JSON: ${error.message}`);
    throw error;
  }
}

export const jsons: readonly FunctionEntry[] = [
  define('json', 'JSON_EXISTS', {
    takes: [{ takes: [string, string], gives: types.BOOLEAN }],
    flags: 'ON ERROR: TRUE, FALSE (the default), UNKNOWN or ERROR.',
    body: exists,
    doc: 'Whether the path finds something other than null.',
    samples: [
      ['JSON_EXISTS(\'{"a": [{"b": 1}]}\', \'$.a[0].b\')', [str('{"a": [{"b": 1}]}'), str('$.a[0].b')], true],
      [
        "JSON_EXISTS('{\"a\": true}', 'strict $.b' UNKNOWN ON ERROR)",
        [str('{"a": true}'), str('strict $.b')],
        null,
        { flags: ['UNKNOWN ON ERROR'] },
      ],
    ],
  }),
  entry(
    'JSON_VALUE',
    {
      takes: ['JSON_VALUE(STRING, path [RETURNING type] [… ON EMPTY] [… ON ERROR])'],
      count: { min: 2, max: 4 },
      flags: 'ON EMPTY, ON ERROR: NULL (the default), ERROR or DEFAULT value.',
      bind: bindValue,
      strict: false,
      body: valueBody,
      doc: 'The scalar at the path, as STRING, or RETURNING BOOLEAN, INT or DOUBLE.',
    },
    [
      ["JSON_VALUE('{\"a\": true}', '$.a')", [str('{"a": true}'), str('$.a')], 'true'],
      ["JSON_VALUE('{\"a\": 1.50}', '$.a')", [str('{"a": 1.50}'), str('$.a')], '1.50'],
      [
        "JSON_VALUE('{\"a\": 5}', '$.a' RETURNING INTEGER)",
        [str('{"a": 5}'), str('$.a')],
        5,
        { returning: types.INT },
      ],
      [
        "JSON_VALUE('{\"a\": 5}', 'lax $.b' DEFAULT 'x' ON EMPTY)",
        [str('{"a": 5}'), str('lax $.b'), str('x')],
        'x',
        { flags: ['DEFAULT ON EMPTY'] },
      ],
      [
        "JSON_VALUE('{\"a\": {\"b\":1}}', '$.a' DEFAULT 'd' ON ERROR)",
        [str('{"a": {"b":1}}'), str('$.a'), str('d')],
        'd',
        { flags: ['DEFAULT ON ERROR'] },
      ],
    ],
  ),
  entry(
    'JSON_QUERY',
    {
      takes: ['JSON_QUERY(STRING, path [RETURNING type] [wrapper] [… ON EMPTY] [… ON ERROR])'],
      count: { min: 2, max: 2 },
      flags:
        'WRAPPER: WITHOUT (the default), CONDITIONAL or UNCONDITIONAL. ' +
        'ON EMPTY, ON ERROR: NULL (the default), ERROR, EMPTY ARRAY or EMPTY OBJECT.',
      bind: bindQuery,
      body: queryBody,
      doc: 'The array or object at the path as JSON text, or RETURNING ARRAY<STRING>.',
    },
    [
      ['JSON_QUERY(\'{ "a": { "b": 1 } }\', \'$.a\')', [str('{ "a": { "b": 1 } }'), str('$.a')], '{"b":1}'],
      [
        "JSON_QUERY('{\"a\":1}', '$.a' WITH CONDITIONAL ARRAY WRAPPER)",
        [str('{"a":1}'), str('$.a')],
        '[1]',
        { flags: ['CONDITIONAL WRAPPER'] },
      ],
      [
        "JSON_QUERY('{}', 'lax $.x' EMPTY ARRAY ON EMPTY)",
        [str('{}'), str('lax $.x')],
        '[]',
        { flags: ['EMPTY ARRAY ON EMPTY'] },
      ],
      [
        'JSON_QUERY(\'{"a":[1,"x",null]}\', \'$.a\' RETURNING ARRAY<STRING>)',
        [str('{"a":[1,"x",null]}'), str('$.a')],
        ['1', 'x', null],
        { returning: types.array(types.STRING) },
      ],
    ],
  ),
  isJson('', () => true, '\'{"a":1}\' IS JSON', '{"a":1}'),
  isJson('VALUE', () => true, "'null' IS JSON VALUE", 'null'),
  isJson('OBJECT', isJsonObject, '\'{"a":1}\' IS JSON OBJECT', '{"a":1}'),
  isJson('ARRAY', isJsonArray, "'[1]' IS JSON ARRAY", '[1]'),
  isJson('SCALAR', isJsonScalar, "'1' IS JSON SCALAR", '1'),
  define('json', 'JSON_STRING', {
    takes: [{ takes: [anything], gives: gives.string }],
    body: (call) => (value: Value) => writeJson(jsonOf(value, call.args[0]!.type)),
    doc: 'The value as JSON text.',
    samples: [
      ["JSON_STRING('a\"b')", [str('a"b')], '"a\\"b"'],
      ['JSON_STRING(ARRAY[1, 2])', [arrayOf(types.INT, 1, 2)], '[1,2]'],
    ],
  }),
  entry(
    'JSON_OBJECT',
    {
      takes: ['JSON_OBJECT([KEY] STRING VALUE value, … [NULL | ABSENT ON NULL])'],
      count: { min: 0, max: Infinity },
      flags: 'ON NULL: NULL (the default) or ABSENT.',
      bind: (args, options) =>
        args.length % 2 === 0 && args.every((a, i) => i % 2 === 1 || isString(a.type))
          ? construct(args, options)
          : undefined,
      strict: false,
      body: objectBody,
      doc: 'A JSON object of keys and values.',
    },
    [
      ["JSON_OBJECT('a' VALUE 1, 'b' VALUE 'x')", [str('a'), int(1), str('b'), str('x')], '{"a":1,"b":"x"}'],
      [
        "JSON_OBJECT('K1' VALUE CAST(NULL AS STRING) ABSENT ON NULL)",
        [str('K1'), nullOf(types.STRING)],
        '{}',
        { flags: ['ABSENT ON NULL'] },
      ],
    ],
  ),
  entry(
    'JSON_ARRAY',
    {
      takes: ['JSON_ARRAY(value, … [NULL | ABSENT ON NULL])'],
      count: { min: 0, max: Infinity },
      flags: 'ON NULL: ABSENT (the default) or NULL.',
      bind: construct,
      strict: false,
      body: arrayBody,
      doc: 'A JSON array of the values.',
    },
    [
      ["JSON_ARRAY(1, '2', TRUE)", [int(1), str('2'), bool(true)], '[1,"2",true]'],
      ['JSON_ARRAY(CAST(NULL AS STRING), 1)', [nullOf(types.STRING), int(1)], '[1]'],
    ],
  ),
  {
    ...define('json', 'JSON', {
      takes: [{ takes: [string], gives: types.STRING }],
      body: () => reformat,
      doc: 'JSON text, checked; inside JSON_OBJECT and JSON_ARRAY it goes in as JSON.',
      samples: [],
    }),
    examples: [
      {
        sql: "JSON_OBJECT('a' VALUE JSON('{\"b\":1}'))",
        call: () => bindCall('JSON_OBJECT', [str('a'), bindCall('JSON', [str('{"b":1}')])]),
        result: '{"a":{"b":1}}',
      },
    ],
  },
  define('json', 'JSON_QUOTE', {
    takes: [{ takes: [string], gives: gives.string }],
    body: () => quote,
    doc: 'The text as a JSON string in ASCII.',
    samples: [["JSON_QUOTE('é/')", [str('é/')], '"\\u00e9\\/"']],
  }),
  define('json', 'JSON_UNQUOTE', {
    takes: [{ takes: [string], gives: gives.string }],
    body: () => unquote,
    doc: 'The text of a JSON string; other text as it is.',
    samples: [
      ['JSON_UNQUOTE(\'"\\u00e9"\')', [str('"\\u00e9"')], 'é'],
      ["JSON_UNQUOTE('abc')", [str('abc')], 'abc'],
    ],
  }),
];

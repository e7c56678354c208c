/* The REST API, route by route: statuses, codes, bodies and content types as clients of Confluent's registry expect them. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { call, post, type Answer } from './rest.ts';

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.start({ world: realWorld() });
});
afterEach(() => registry.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(registry.url, 'GET', path, undefined, headers);
const put = (path: string, body: unknown): Promise<Answer> => call(registry.url, 'PUT', path, body);
const drop = (path: string): Promise<Answer> => call(registry.url, 'DELETE', path);
const add = (subject: string, body: unknown, query = ''): Promise<Answer> =>
  post(registry.url, `/subjects/${encodeURIComponent(subject)}/versions${query}`, body);
const refused = (answer: Answer): unknown => (answer.body as { error_code: number }).error_code;

const record = (fields: readonly object[], name = 'R'): object => ({
  schema: JSON.stringify({ type: 'record', name, fields }),
});
const a = { name: 'a', type: 'int' };
const b = { name: 'b', type: ['null', 'string'], default: null };
const one = record([a]);
const two = record([a, b]);
const broken = record([{ name: 'a', type: 'string' }]);

describe('requests', () => {
  test('content types are negotiated', async () => {
    expect((await get('/subjects')).type).toBe('application/vnd.schemaregistry.v1+json');
    expect((await get('/subjects', { Accept: 'application/json' })).type).toBe('application/json');
    expect(
      (await get('/subjects', { Accept: 'text/html, application/vnd.schemaregistry+json; q=0.9' })).type,
    ).toBe('application/vnd.schemaregistry+json');
    const answer = await call(registry.url, 'POST', '/subjects/s/versions', one, {
      'Content-Type': 'text/plain',
    });
    expect([answer.status, refused(answer)]).toEqual([415, 415]);
    const bytes = await call(registry.url, 'POST', '/subjects/s/versions', one, {
      'Content-Type': 'application/octet-stream',
    });
    expect(bytes.status).toBe(200);
  });
  test('what is no request is refused with a reason', async () => {
    expect(refused(await get('/nothing'))).toBe(404);
    expect(refused(await drop('/schemas/types'))).toBe(405);
    expect(await post(registry.url, '/subjects/s/versions', '{"schema": ')).toMatchObject({ status: 400 });
    expect(await post(registry.url, '/subjects/s/versions', '')).toMatchObject({ status: 422 });
    const wrong = await post(registry.url, '/subjects/s/versions', { schema: 5 });
    expect(wrong).toMatchObject({ status: 422, body: { message: 'schema: found 5, expected a string' } });
    expect(await add('s', { schema: '"int"', references: [{ name: 'x' }] })).toMatchObject({
      status: 422,
      body: { message: 'references[0].subject: found nothing, expected a string' },
    });
    expect(refused(await add('s', { schema: '"int"', schemaType: 'XML' }))).toBe(42201);
    expect(refused(await get('/subjects?limit=many'))).toBe(422);
  });
  test('a subject may hold any sign', async () => {
    const name = 'a/b?c d%é';
    expect((await add(name, one)).status).toBe(200);
    expect((await get('/subjects')).body).toEqual([name]);
    expect((await get(`/subjects/${encodeURIComponent(name)}/versions`)).body).toEqual([1]);
    expect(refused(await add('a\u0007b', one))).toBe(42208);
    expect(refused(await add('__GLOBAL', one))).toBe(42208);
  });
  test('what the server is', async () => {
    expect((await get('/')).body).toEqual({});
    expect((await get('/schemas/types')).body).toEqual(['JSON', 'PROTOBUF', 'AVRO']);
    expect((await get('/v1/metadata/version')).body).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
    });
    expect((await get('/v1/metadata/id')).body).toMatchObject({ scope: { clusters: {} } });
    expect((await get('/contexts')).body).toEqual(['.']);
  });
});

describe('registering', () => {
  test('equal content has one id, in whatever layout it comes', async () => {
    expect((await add('s', one)).body).toMatchObject({ id: 1, version: 1 });
    const spread = {
      schema: '{ "fields": [ {"type": "int", "name": "a"} ], "name": "R", "type": "record" }',
    };
    expect((await add('t', spread)).body).toMatchObject({ id: 1, version: 1 });
    expect((await add('s', spread)).body).toMatchObject({ id: 1, version: 1 });
    expect((await add('s', two)).body).toMatchObject({ id: 2, version: 2 });
    expect((await get('/schemas/ids/1')).body).toMatchObject({
      schema: JSON.stringify({ type: 'record', name: 'R', fields: [a] }),
    });
    expect((await get('/schemas/ids/1/subjects')).body).toEqual(['s', 't']);
    expect((await get('/schemas/ids/1/versions')).body).toEqual([
      { subject: 's', version: 1 },
      { subject: 't', version: 1 },
    ]);
    expect((await get('/schemas/ids/1?fetchMaxId=true')).body).toMatchObject({ maxId: 2 });
    expect((await get('/schemas/ids/1/schema')).body).toEqual({ type: 'record', name: 'R', fields: [a] });
    expect(refused(await get('/schemas/ids/9'))).toBe(40403);
  });
  test('a GUID finds the schema in every context', async () => {
    const { guid } = (await add('s', one)).body as { guid: string };
    await add(':.other:s', two);
    await add(':.other:s', one, '?normalize=false');
    expect(guid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await get(`/schemas/guids/${guid}`)).body).toMatchObject({ guid });
    expect((await get(`/schemas/guids/${guid}/ids`)).body).toEqual([
      { context: '.', id: 1 },
      ...(((await get('/subjects/:.other:s/versions')).body as number[]).length === 2
        ? [{ context: '.other', id: 2 }]
        : []),
    ]);
    expect(refused(await get('/schemas/guids/00000000-0000-0000-0000-000000000000'))).toBe(40403);
  });
  test('an incompatible one is refused, with field, path, rule and what would do', async () => {
    await add('s', one);
    const answer = await add('s', record([{ name: 'c', type: 'int' }]));
    expect([answer.status, refused(answer)]).toEqual([409, 409]);
    const { message } = answer.body as { message: string };
    expect(message).toContain('is incompatible with an earlier schema for subject "s"');
    expect(message).toContain("errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'");
    expect(message).toContain(
      '"c" at path "/fields/0" has no default value in the new schema and is missing in the old',
    );
    expect(message).toContain('Give "c" a default in the new schema');
    expect(message).toContain('{oldSchemaVersion: 1}');
    expect(message).toContain("compatibility: 'BACKWARD'");
  });
  test('what is no schema says where and why', async () => {
    const answer = await add('s', {
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3";\nmessage M { int32 a = 0; }',
    });
    expect(answer).toMatchObject({ status: 422, body: { error_code: 42201 } });
    expect((answer.body as { message: string }).message).toContain(
      'the number of a field is 0, expected 1 to 536870911 (line 2, column 23)',
    );
    expect(refused(await add('s', { schema: '' }))).toBe(42201);
    expect(refused(await add('s', record([{ name: 'a', type: 'int', default: 'x' }])))).toBe(42201);
  });
  test('lookup finds a version, and does not register', async () => {
    expect(refused(await post(registry.url, '/subjects/s', one))).toBe(40401);
    await add('s', one);
    expect((await post(registry.url, '/subjects/s', one)).body).toMatchObject({
      subject: 's',
      version: 1,
      id: 1,
    });
    expect(refused(await post(registry.url, '/subjects/s', two))).toBe(40403);
  });
  test('the normal form makes equal what differs in spelling', async () => {
    const first = { schemaType: 'JSON', schema: '{"type":"object","title":"T"}' };
    const second = { schemaType: 'JSON', schema: '{"title":"T","type":"object"}' };
    const plain = [await add('p', first), await add('q', second)].map((x) => (x.body as { id: number }).id);
    expect(plain[0]).not.toBe(plain[1]);
    const normal = [await add('m', first, '?normalize=true'), await add('n', second, '?normalize=true')];
    expect((normal[0]!.body as { id: number }).id).toBe((normal[1]!.body as { id: number }).id);
    await put('/config/r', { normalize: true });
    expect((await add('r', second)).body).toMatchObject({ id: (normal[0]!.body as { id: number }).id });
  });
  test('the next version is what the request says, or it is refused', async () => {
    await add('s', one);
    expect(refused(await add('s', { ...two, version: 3 }))).toBe(42201);
    expect((await add('s', { ...two, version: 2 })).body).toMatchObject({ version: 2 });
    expect((await get('/subjects/s/versions/2')).body).toMatchObject({
      metadata: { properties: { 'confluent:version': '2' } },
    });
  });
});

describe('versions', () => {
  test('by number and as latest', async () => {
    await add('s', one);
    await add('s', two);
    expect((await get('/subjects/s/versions')).body).toEqual([1, 2]);
    expect((await get('/subjects/s/versions/latest')).body).toMatchObject({ version: 2, id: 2 });
    expect((await get('/subjects/s/versions/-1')).body).toMatchObject({ version: 2 });
    expect((await get('/subjects/s/versions/1/schema')).body).toEqual({
      type: 'record',
      name: 'R',
      fields: [a],
    });
    expect(refused(await get('/subjects/s/versions/3'))).toBe(40402);
    expect(refused(await get('/subjects/s/versions/x'))).toBe(42202);
    expect(refused(await get('/subjects/t/versions/1'))).toBe(40401);
    expect(refused(await get('/subjects/t/versions'))).toBe(40401);
    const all = (await get('/schemas?latestOnly=true')).body as { version: number }[];
    expect(all.map((schema) => schema.version)).toEqual([2]);
    expect(((await get('/schemas?offset=1&limit=1')).body as unknown[]).length).toBe(1);
  });
  test('deleted softly, then for good', async () => {
    await add('s', one);
    await add('s', two);
    expect(refused(await drop('/subjects/s/versions/1?permanent=true'))).toBe(40407);
    expect((await drop('/subjects/s/versions/1')).body).toBe(1);
    expect(refused(await drop('/subjects/s/versions/1'))).toBe(40406);
    expect((await get('/subjects/s/versions')).body).toEqual([2]);
    expect((await get('/subjects/s/versions?deleted=true')).body).toEqual([1, 2]);
    expect((await get('/subjects/s/versions?deletedOnly=true')).body).toEqual([1]);
    expect(refused(await get('/subjects/s/versions/1'))).toBe(40402);
    expect((await get('/subjects/s/versions/1?deleted=true')).body).toMatchObject({
      version: 1,
      deleted: true,
    });
    // Data that were written with it can still be read.
    expect((await get('/schemas/ids/1')).status).toBe(200);
    expect((await get('/schemas/ids/1/subjects')).body).toEqual([]);
    expect((await drop('/subjects/s/versions/1?permanent=true')).body).toBe(1);
    expect(refused(await get('/schemas/ids/1'))).toBe(40403);
    expect(refused(await drop('/subjects/s?permanent=true'))).toBe(40405);
    expect((await drop('/subjects/s')).body).toEqual([2]);
    expect(refused(await drop('/subjects/s'))).toBe(40404);
    expect((await get('/subjects')).body).toEqual([]);
    expect((await get('/subjects?deleted=true')).body).toEqual(['s']);
    expect((await get('/subjects?deletedOnly=true')).body).toEqual(['s']);
    // What comes back has the same id and a new version.
    expect((await add('s', two)).body).toMatchObject({ id: 2, version: 3 });
    await drop('/subjects/s');
    expect((await drop('/subjects/s?permanent=true')).body).toEqual([3]);
    expect(refused(await drop('/subjects/s'))).toBe(40401);
  });
});

describe('compatibility', () => {
  const check = (body: unknown, path = 'versions/latest', query = ''): Promise<Answer> =>
    post(registry.url, `/compatibility/subjects/s/${path}${query}`, body);

  test('against one version or all, with reasons where asked for', async () => {
    expect((await check(one)).body).toEqual({ is_compatible: true });
    expect(refused(await check(one, 'versions/1'))).toBe(40401);
    await add('s', one);
    expect((await check(two)).body).toEqual({ is_compatible: true });
    expect((await check(broken)).body).toEqual({ is_compatible: false });
    const { messages } = (await check(broken, 'versions/1', '?verbose=true')).body as { messages: string[] };
    expect(messages[0]).toContain('TYPE_MISMATCH');
    expect(messages.at(-1)).toBe("{validateFields: 'false', compatibility: 'BACKWARD'}");
    expect((await check(broken, 'versions')).body).toEqual({ is_compatible: false });
    expect(refused(await check({ schema: '{' }))).toBe(42201);
  });
  test.each([
    ['NONE', true, true, true],
    ['BACKWARD', true, false, true],
    ['FORWARD', false, true, true],
    ['FULL', false, false, true],
  ])('%s lets through what it says', async (level, drops, adds, optional) => {
    await put('/config/s', { compatibility: level });
    await add('s', record([a, { name: 'c', type: 'int' }]));
    const allowed = async (body: object): Promise<boolean> =>
      ((await check(body)).body as { is_compatible: boolean }).is_compatible;
    expect(await allowed(one)).toBe(drops);
    expect(await allowed(record([a, { name: 'c', type: 'int' }, { name: 'd', type: 'int' }]))).toBe(adds);
    expect(await allowed(record([a, { name: 'c', type: 'int' }, b]))).toBe(optional);
  });
  test('transitive levels look at all versions', async () => {
    await put('/config/s', { compatibility: 'NONE' });
    await add('s', record([{ name: 'x', type: 'string' }]));
    await add('s', record([]));
    const next = record([{ name: 'x', type: 'int', default: 0 }]);
    await put('/config/s', { compatibility: 'BACKWARD' });
    expect((await check(next, 'versions')).body).toEqual({ is_compatible: true });
    await put('/config/s', { compatibility: 'BACKWARD_TRANSITIVE' });
    expect((await check(next, 'versions')).body).toEqual({ is_compatible: false });
    expect((await add('s', next)).status).toBe(409);
  });
  test('of one group only those with the same value', async () => {
    await put('/config/s', { compatibilityGroup: 'major' });
    await add('s', { ...one, metadata: { properties: { major: '1' } } });
    expect((await add('s', { ...broken, metadata: { properties: { major: '1' } } })).status).toBe(409);
    expect((await add('s', { ...broken, metadata: { properties: { major: '2' } } })).status).toBe(200);
  });
  test('another type of schema is refused', async () => {
    await add('s', one);
    const answer = await add('s', { schemaType: 'JSON', schema: '{"type":"object"}' });
    expect(answer.status).toBe(409);
    expect((answer.body as { message: string }).message).toContain(
      'The new schema is JSON and the old schema is AVRO',
    );
  });
});

describe('settings', () => {
  test('of all, a context, a subject', async () => {
    expect((await get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
    expect(refused(await get('/config/s'))).toBe(40408);
    expect((await put('/config', { compatibility: 'full' })).body).toEqual({ compatibility: 'full' });
    expect((await get('/config/s?defaultToGlobal=true')).body).toEqual({ compatibilityLevel: 'FULL' });
    await put('/config/:.c:', { compatibility: 'NONE' });
    expect((await get('/config/:.c:s?defaultToGlobal=true')).body).toEqual({ compatibilityLevel: 'NONE' });
    await put('/config/s', { compatibility: 'FORWARD' });
    expect((await get('/config/s')).body).toEqual({ compatibilityLevel: 'FORWARD' });
    expect((await drop('/config/s')).body).toEqual({ compatibilityLevel: 'FORWARD' });
    expect(refused(await drop('/config/s'))).toBe(40401);
    expect(refused(await put('/config', { compatibility: 'SIDEWAYS' }))).toBe(42203);
    expect(refused(await put('/config', {}))).toBe(42203);
    expect((await drop('/config')).body).toEqual({ compatibilityLevel: 'FULL' });
    expect((await get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
  });
  test('one that is not named stays, null takes it away', async () => {
    await put('/config/s', { compatibility: 'FULL', compatibilityGroup: 'major' });
    await put('/config/s', { alias: 'real' });
    expect((await get('/config/s')).body).toEqual({
      compatibilityLevel: 'FULL',
      compatibilityGroup: 'major',
      alias: 'real',
    });
    await put('/config/s', { alias: null, compatibilityGroup: null });
    expect((await get('/config/s')).body).toEqual({ compatibilityLevel: 'FULL' });
  });
  test('an alias leads to its subject', async () => {
    await add('real', one);
    await put('/config/nick', { alias: 'real' });
    expect((await get('/subjects/nick/versions/latest')).body).toMatchObject({ subject: 'real', version: 1 });
    expect((await add('nick', two)).body).toMatchObject({ version: 2 });
    expect((await get('/subjects')).body).toEqual(['real']);
  });
  test('metadata and rules: defaults under, overrides over what the schema has', async () => {
    await put('/config/s', {
      defaultMetadata: { properties: { owner: 'team', tier: '3' } },
      overrideMetadata: { properties: { tier: '1' } },
      defaultRuleSet: {
        domainRules: [
          { name: 'positive', kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr: 'message.a > 0' },
        ],
      },
    });
    const answer = await add('s', {
      ...one,
      metadata: { properties: { owner: 'ada' }, tags: { '**.a': ['PII'] } },
    });
    expect(answer.body).toMatchObject({
      metadata: { properties: { owner: 'ada', tier: '1' }, tags: { '**.a': ['PII'] } },
    });
    expect((await get('/subjects/s/versions/1')).body).toMatchObject({
      ruleSet: { domainRules: [{ name: 'positive', type: 'CEL' }] },
    });
    expect((await get('/subjects/s/metadata?key=owner&value=ada')).body).toMatchObject({ version: 1 });
    expect(refused(await get('/subjects/s/metadata?key=owner&value=eve'))).toBe(40403);
    // Other metadata, another id; the schema alone is carried on.
    const changed = await add('s', { metadata: { properties: { owner: 'eve' } } });
    expect(changed.body).toMatchObject({ version: 2, metadata: { properties: { owner: 'eve', tier: '1' } } });
    expect(
      refused(
        await add('t', { ...one, ruleSet: { domainRules: [{ name: 'x', type: 'CEL', mode: 'UPGRADE' }] } }),
      ),
    ).toBe(42210);
    expect(refused(await add('t', { ...one, ruleSet: { domainRules: [{ name: '1x', type: 'CEL' }] } }))).toBe(
      42210,
    );
  });
  test('reserved fields stay away', async () => {
    await put('/config/s', { validateFields: true });
    const reserve = (names: string): object => ({
      metadata: { properties: { 'confluent:reserved': names } },
    });
    await add('s', { ...one, ...reserve('b') });
    expect((await add('s', { ...two, ...reserve('b') })).status).toBe(409);
    expect((await add('s', { ...two, ...reserve('c') })).status).toBe(409);
  });
});

describe('modes', () => {
  test('read-only refuses writes, and its override those of subjects too', async () => {
    await add('s', one);
    expect((await get('/mode')).body).toEqual({ mode: 'READWRITE' });
    expect(refused(await get('/mode/s'))).toBe(40409);
    expect((await put('/mode/s', { mode: 'readonly' })).body).toEqual({ mode: 'READONLY' });
    expect(refused(await add('s', two))).toBe(42205);
    // What is there is found.
    expect((await add('s', one)).body).toMatchObject({ id: 1 });
    expect(refused(await drop('/subjects/s'))).toBe(42205);
    expect(refused(await put('/config/s', { compatibility: 'NONE' }))).toBe(42205);
    expect((await drop('/mode/s')).body).toEqual({ mode: 'READONLY' });
    expect(refused(await drop('/mode/s'))).toBe(40401);
    await put('/mode', { mode: 'READONLY_OVERRIDE' });
    await put('/mode/s', { mode: 'READWRITE' });
    expect((await get('/mode/s?defaultToGlobal=true')).body).toEqual({ mode: 'READONLY_OVERRIDE' });
    expect(refused(await add('s', two))).toBe(42205);
    expect(refused(await put('/mode', { mode: 'WRITE' }))).toBe(42204);
    expect((await drop('/mode')).body).toEqual({ mode: 'READONLY_OVERRIDE' });
  });
  test('import takes ids and versions as they come', async () => {
    await add('t', one);
    expect(refused(await put('/mode', { mode: 'IMPORT' }))).toBe(42205);
    expect(refused(await add('s', { ...one, id: 40 }))).toBe(42205);
    await put('/mode/s', { mode: 'IMPORT' });
    expect((await add('s', { ...two, id: 40, version: 7 })).body).toMatchObject({ id: 40, version: 7 });
    expect((await add('s', { ...broken, id: 41, version: 3 })).body).toMatchObject({ id: 41, version: 3 });
    expect(refused(await add('s', { ...record([]), id: 40, version: 8 }))).toBe(42205);
    expect(refused(await add('s', one))).toBe(42205);
    await put('/mode/s', { mode: 'READWRITE' });
    expect((await get('/subjects/s/versions')).body).toEqual([3, 7]);
    expect((await add('s', record([a, b, { name: 'c', type: 'int', default: 1 }]))).body).toMatchObject({
      id: 42,
      version: 8,
    });
    expect((await put('/mode?force=true', { mode: 'IMPORT' })).status).toBe(200);
  });
});

describe('contexts', () => {
  test('ids are given within one, subjects are listed by it', async () => {
    await add('s', one);
    expect((await add(':.c:s', two)).body).toMatchObject({ id: 1, version: 1 });
    expect((await get('/contexts')).body).toEqual(['.', '.c']);
    expect((await get('/subjects')).body).toEqual([':.c:s', 's']);
    expect((await get('/subjects?subjectPrefix=:.c:')).body).toEqual([':.c:s']);
    expect((await get('/schemas/ids/1?subject=:.c:s')).body).toMatchObject({
      schema: expect.stringContaining('"b"'),
    });
    expect((await get('/schemas/ids/1')).body).toMatchObject({ schema: expect.not.stringContaining('"b"') });
    // A subject without a context is found where it is alone.
    await add(':.c:only', broken);
    expect((await get('/subjects/only/versions/1')).body).toMatchObject({ subject: ':.c:only' });
    expect((await get('/subjects/:.:s/versions')).body).toEqual([1]);
    expect(refused(await drop('/contexts/.c'))).toBe(42205);
  });
  test('a base URL with a context sees that one alone', async () => {
    const scoped = `${registry.url}/contexts/.team`;
    expect((await post(scoped, '/subjects/s/versions', one)).body).toMatchObject({ id: 1 });
    expect((await get('/subjects')).body).toEqual([':.team:s']);
    await add('other', two);
    expect((await call(scoped, 'GET', '/subjects')).body).toEqual([':.team:s']);
    expect((await call(scoped, 'GET', '/subjects/s/versions/latest')).body).toMatchObject({
      subject: ':.team:s',
    });
    expect((await call(scoped, 'GET', '/schemas/ids/1')).body).toMatchObject({
      schema: expect.stringContaining('"a"'),
    });
    await call(scoped, 'PUT', '/config', { compatibility: 'NONE' });
    expect((await get('/config/:.team:')).body).toEqual({ compatibilityLevel: 'NONE' });
    expect((await get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
  });
});

describe('references', () => {
  const part = {
    schema: '{"type":"record","name":"Part","namespace":"n","fields":[{"name":"x","type":"int"}]}',
  };
  const whole = (version = 1): object => ({
    schema: '{"type":"record","name":"Whole","namespace":"n","fields":[{"name":"part","type":"Part"}]}',
    references: [{ name: 'n.Part', subject: 'part', version }],
  });

  test('are resolved, listed, and keep what they lead to', async () => {
    expect(refused(await add('whole', whole()))).toBe(42201);
    await add('part', part);
    const { id } = (await add('whole', whole())).body as { id: number };
    expect((await get('/subjects/part/versions/1/referencedby')).body).toEqual([id]);
    expect((await get(`/schemas/ids/${id}`)).body).toMatchObject({
      references: [{ name: 'n.Part', subject: 'part', version: 1 }],
    });
    expect((await get(`/schemas/ids/${id}?format=resolved`)).body).toMatchObject({
      schema: expect.stringContaining('"x"'),
    });
    expect(refused(await drop('/subjects/part'))).toBe(42206);
    expect(refused(await drop('/subjects/part/versions/1'))).toBe(42206);
    // The latest is written down by its number; sent with all in it, it is the same.
    expect((await add('whole2', whole(-1))).body).toMatchObject({ id });
    const inlined = {
      schema:
        '{"type":"record","name":"Whole","namespace":"n","fields":[{"name":"part","type":{"type":"record","name":"Part","fields":[{"name":"x","type":"int"}]}}]}',
    };
    expect((await post(registry.url, '/subjects/whole', inlined)).body).toMatchObject({ id });
    await drop('/subjects/whole');
    await drop('/subjects/whole2');
    expect((await drop('/subjects/part')).body).toEqual([1]);
  });
  test('Protobuf imports and JSON $refs', async () => {
    await add('money', {
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3"; package pay; message Money { int64 units = 1; }',
    });
    const order = {
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3"; import "pay/money.proto"; message Order { pay.Money total = 1; }',
    };
    const missing = await add('order', order);
    expect((missing.body as { message: string }).message).toContain(
      'the import "pay/money.proto" is not among the references',
    );
    const refs = [{ name: 'pay/money.proto', subject: 'money', version: 1 }];
    expect((await add('order', { ...order, references: refs })).status).toBe(200);
    await add('id', { schemaType: 'JSON', schema: '{"type":"string","maxLength":9}' });
    const user = { schemaType: 'JSON', schema: '{"type":"object","properties":{"id":{"$ref":"id.json"}}}' };
    expect(refused(await add('user', user))).toBe(42201);
    expect(
      (await add('user', { ...user, references: [{ name: 'id.json', subject: 'id', version: 1 }] })).status,
    ).toBe(200);
  });
});

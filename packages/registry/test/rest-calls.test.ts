/* What calls of the REST API take beside their paths: each parameter of Confluent's description of it, left out and given. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { call, post, type Answer } from './rest.ts';

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.start({ world: realWorld() });
});
afterEach(() => registry.stop());

const get = (path: string): Promise<Answer> => call(registry.url, 'GET', path);
const bodyOf = async (path: string): Promise<unknown> => (await get(path)).body;
const put = (path: string, body: unknown): Promise<Answer> => call(registry.url, 'PUT', path, body);
const drop = (path: string): Promise<Answer> => call(registry.url, 'DELETE', path);
const add = (subject: string, body: unknown, query = ''): Promise<Answer> =>
  post(registry.url, `/subjects/${encodeURIComponent(subject)}/versions${query}`, body);
const codeOf = (answer: Answer): unknown => (answer.body as { error_code: number }).error_code;
const record = (name: string, ...fields: readonly string[]): object => ({
  schema: JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) => ({ name: field, type: 'int', default: 0 })),
  }),
});
const subjectsIn = (body: unknown): string[] => (body as { subject: string }[]).map((s) => s.subject);

describe('methods', () => {
  test('HEAD is GET without a body, OPTIONS and a method that there is not name those that there are', async () => {
    await add('s', record('R', 'a'));
    const head = await fetch(`${registry.url}/subjects/s/versions/1`, { method: 'HEAD' });
    const full = await fetch(`${registry.url}/subjects/s/versions/1`);
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String((await full.text()).length));
    const options = await fetch(`${registry.url}/subjects/s/versions`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET,HEAD,OPTIONS,POST']);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const answer = await fetch(`${registry.url}/subjects`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET,HEAD,OPTIONS']);
      expect(await answer.json()).toEqual({ error_code: 405, message: 'HTTP 405 Method Not Allowed' });
    }
    expect((await fetch(`${registry.url}/nothing`, { method: 'OPTIONS' })).status).toBe(404);
  });
});

describe('schemas', () => {
  test('listed by aliases and by the type of a rule', async () => {
    const rule = { name: 'check', kind: 'CONDITION', type: 'CEL', expr: 'true' };
    await add('orders', record('O', 'a'));
    await add('orders', { ...record('O', 'a', 'b'), ruleSet: { domainRules: [rule] } });
    await add('users', record('U', 'a'));
    await put('/config/sales', { alias: 'orders' });
    await put('/config/shop', { alias: 'orders' });
    expect(subjectsIn(await bodyOf('/schemas'))).toEqual(['orders', 'orders', 'users']);
    expect(await bodyOf('/schemas?subjectPrefix=sa')).toEqual([]);
    expect(await bodyOf('/schemas?subjectPrefix=sa&aliases=true&latestOnly=true')).toMatchObject([
      { subject: 'orders', version: 2, aliases: ['sales', 'shop'] },
    ]);
    expect(await bodyOf('/schemas?ruleType=CEL')).toMatchObject([{ subject: 'orders', version: 2 }]);
    expect(await bodyOf('/schemas?ruleType=ENCRYPT')).toEqual([]);
    expect(subjectsIn(await bodyOf('/schemas?offset=1&limit=1'))).toEqual(['orders']);
  });

  test('of an id: subjects and versions, by subject, deleted ones, in parts', async () => {
    for (const subject of ['a', 'b', 'c']) await add(subject, record('R', 'x'));
    await drop('/subjects/b');
    expect(await bodyOf('/schemas/ids/1/subjects')).toEqual(['a', 'c']);
    expect(await bodyOf('/schemas/ids/1/subjects?deleted=true')).toEqual(['a', 'b', 'c']);
    expect(await bodyOf('/schemas/ids/1/subjects?deleted=true&offset=1&limit=1')).toEqual(['b']);
    expect(await bodyOf('/schemas/ids/1/subjects?subject=c')).toEqual(['c']);
    expect(await bodyOf('/schemas/ids/1/versions?deleted=true')).toEqual(
      ['a', 'b', 'c'].map((subject) => ({ subject, version: 1 })),
    );
    expect(await bodyOf('/schemas/ids/1/versions?limit=0')).toEqual([]);
    for (const path of ['', '/schema', '/subjects', '/versions'])
      expect(codeOf(await get(`/schemas/ids/9${path}`))).toBe(40403);
    expect(await bodyOf('/schemas/ids/1?fetchMaxId=true')).toMatchObject({ maxId: 1 });
    expect(await bodyOf('/schemas/types')).toEqual(['JSON', 'PROTOBUF', 'AVRO']);
  });

  test('in a form that is asked for, when it is registered too', async () => {
    await add('part', record('Part', 'n'));
    const whole = {
      schema: '{"type":"record","name":"Whole","fields":[{"name":"part","type":"Part"}]}',
      references: [{ name: 'Part', subject: 'part', version: 1 }],
    };
    expect((await add('whole', whole)).body).toEqual({
      id: 2,
      version: 1,
      guid: expect.any(String) as string,
    });
    expect((await add('whole', whole, '?format=resolved')).body).toMatchObject({
      id: 2,
      schema: expect.stringContaining('"name":"n"') as string,
    });
    expect(await bodyOf('/subjects/part/versions/1/referencedby')).toEqual([2]);
    await drop('/subjects/whole');
    expect(await bodyOf('/subjects/part/versions/1/referencedby')).toEqual([]);
    expect(await bodyOf('/subjects/part/versions/1/referencedby?deleted=true')).toEqual([2]);
  });
});

describe('subjects', () => {
  test('and their versions: deleted ones too, deleted ones alone, in parts', async () => {
    for (const fields of [['x'], ['x', 'y'], ['x', 'y', 'z']]) await add('a', record('R', ...fields));
    await add('b', record('R', 'x'));
    await drop('/subjects/a/versions/2');
    await drop('/subjects/b');
    expect(await bodyOf('/subjects')).toEqual(['a']);
    expect(await bodyOf('/subjects?deleted=true')).toEqual(['a', 'b']);
    expect(await bodyOf('/subjects?deletedOnly=true')).toEqual(['b']);
    expect(await bodyOf('/subjects?deleted=true&offset=1')).toEqual(['b']);
    expect(await bodyOf('/subjects/a/versions')).toEqual([1, 3]);
    expect(await bodyOf('/subjects/a/versions?deleted=true')).toEqual([1, 2, 3]);
    expect(await bodyOf('/subjects/a/versions?deletedOnly=true')).toEqual([2]);
    expect(await bodyOf('/subjects/a/versions?offset=1&limit=5')).toEqual([3]);
    expect(codeOf(await get('/subjects/b/versions'))).toBe(40401);
    expect(codeOf(await get('/subjects/a/versions/2'))).toBe(40402);
    expect(await bodyOf('/subjects/a/versions/2?deleted=true')).toMatchObject({ version: 2, deleted: true });
    expect(codeOf(await get('/subjects/a/versions/2/schema'))).toBe(40402);
    expect((await get('/subjects/a/versions/2/schema?deleted=true')).status).toBe(200);
    const lookUp = (query = ''): Promise<Answer> =>
      post(registry.url, `/subjects/a${query}`, record('R', 'x', 'y'));
    expect(codeOf(await lookUp())).toBe(40403);
    expect((await lookUp('?deleted=true')).body).toMatchObject({ version: 2 });
  });
});

describe('modes and contexts', () => {
  test('a mode is deleted with those of the subjects of its context', async () => {
    for (const subject of ['s', ':.c:s', ':.c:t']) {
      await add(subject, record('R', 'x'));
      await put(`/mode/${subject}`, { mode: 'READONLY' });
    }
    await put('/mode/:.c:', { mode: 'READONLY' });
    expect((await drop('/mode/:.c:')).body).toEqual({ mode: 'READONLY' });
    expect(await bodyOf('/mode/:.c:t')).toEqual({ mode: 'READONLY' });
    expect(codeOf(await drop('/mode/:.c:'))).toBe(40401);
    expect((await drop('/mode/:.c:?recursive=true')).body).toEqual({ mode: null });
    for (const subject of [':.c:s', ':.c:t']) expect(codeOf(await get(`/mode/${subject}`))).toBe(40409);
    expect(await bodyOf('/mode/s')).toEqual({ mode: 'READONLY' });
    expect((await drop('/mode?recursive=true')).body).toEqual({ mode: 'READWRITE' });
    expect(codeOf(await get('/mode/s'))).toBe(40409);
  });

  test('contexts by their prefix; one that is not there cannot be deleted', async () => {
    for (const context of ['.a', '.ab', '.b']) await add(`:${context}:s`, record('R', 'x'));
    expect(await bodyOf('/contexts')).toEqual(['.', '.a', '.ab', '.b']);
    expect(await bodyOf('/contexts?contextPrefix=.a')).toEqual(['.a', '.ab']);
    expect(await bodyOf('/contexts?contextPrefix=.&offset=1&limit=2')).toEqual(['.a', '.ab']);
    expect(codeOf(await drop('/contexts/.none'))).toBe(40401);
    expect(codeOf(await drop('/contexts/.b'))).toBe(42205);
    await drop('/subjects/:.b:s');
    await drop('/subjects/:.b:s?permanent=true');
    expect((await drop('/contexts/.b')).status).toBe(204);
    expect(await bodyOf('/contexts?contextPrefix=.b')).toEqual([]);
  });

  test('what the server says of itself', async () => {
    expect(await bodyOf('/v1/metadata/deployment')).toEqual({ attributes: [] });
    expect(await bodyOf('/v1/metadata/version')).toMatchObject({ version: expect.any(String) as string });
  });
});

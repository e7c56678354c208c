/* What asks a service of OpenAI's protocol, by itself: waits, what it says of its trouble, and what it does when the job ends. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelTable } from '#catalog';
import { types } from '#data';
import type { Predictor } from '#dataflow';
import { realWorld } from '#host';
import { ModelServer } from '../../../../tests/conformance/model-server.ts';
import { openaiProvider } from '../../src/openai/provider.ts';
import { openaiRuntime } from '../../src/openai/runtime.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await ModelServer.start();
});
afterAll(async () => {
  await server.close();
});

function modelOf(options: Readonly<Record<string, string>>): ModelTable {
  const all = {
    endpoint: `${server.url}/chat/completions`,
    'api-key': ModelServer.key,
    model: 'echo',
    ...options,
  };
  return {
    path: { catalog: 'c', database: 'd', object: 'm' },
    input: [{ name: 'q', type: types.STRING }],
    output: [{ name: 'answer', type: types.STRING }],
    options: Object.entries(all).map(([key, value]) => ({ key, value })),
  };
}
async function predictor(
  options: Readonly<Record<string, string>>,
  signal = new AbortController().signal,
): Promise<Predictor> {
  const model = modelOf(options);
  openaiProvider.traits(model);
  const made = openaiRuntime.createPredictor({ world: realWorld(), model, signal, warn: () => {} });
  await made.open();
  return made;
}

describe('a service that is away', () => {
  test('its trouble is told while it is asked again, and forgotten with an answer', async () => {
    const asks = await predictor({ model: 'busy' });
    expect(asks.trouble).toBeUndefined();
    const before = Date.now();
    const answer = asks.predictAsync!(['away']);
    while (asks.trouble === undefined) await new Promise((done) => setTimeout(done, 5));
    expect(asks.trouble.message).toMatch(/model "m": 127\.0\.0\.1:\d+ answered 503: come back later/);
    expect(asks.trouble.since).toBeGreaterThanOrEqual(before);
    expect(await answer).toEqual([['yawa']]);
    expect(asks.trouble).toBeUndefined();
    await asks.close();
  });

  test('it is asked again when it wishes', async () => {
    const asks = await predictor({ model: 'patient' });
    const began = performance.now();
    expect(await asks.predictAsync!(['wait'])).toEqual([['tiaw']]);
    // Without its wish half a second, less a quarter at most.
    expect(performance.now() - began).toBeLessThan(370);
    await asks.close();
  });

  test('nobody at the address is a failure from outside', async () => {
    const asks = await predictor({
      endpoint: 'http://127.0.0.1:9/v1/embeddings',
      'error-handling-strategy': 'failover',
    }).catch((error: unknown) => error);
    // An embedding is no text.
    expect(asks).toMatchObject({ code: 'MDL1002' });
    const none = await predictor({
      endpoint: 'http://127.0.0.1:9/v1/chat/completions',
      'error-handling-strategy': 'failover',
    });
    await expect(none.predictAsync!(['x'])).rejects.toMatchObject({ code: 'MDL2001', class: 'external' });
  });

  test('a job that ends asks no more', async () => {
    const end = new AbortController();
    const asks = await predictor({ model: 'silent' }, end.signal);
    const answer = asks.predictAsync!(['x']);
    setTimeout(() => {
      end.abort();
    }, 20);
    await expect(answer).rejects.toMatchObject({ code: 'MDL2001' });
    const again = await predictor({ model: 'down' });
    const asked = server.asked.length;
    void again.predictAsync!(['y']);
    while (again.trouble === undefined) await new Promise((done) => setTimeout(done, 5));
    await again.close();
    await new Promise((done) => setTimeout(done, 700));
    expect(server.asked.length).toBe(asked + 1);
  });
});

test('the end of an endpoint says what is asked for, slashes behind it aside', async () => {
  const asks = await predictor({ endpoint: `${server.url}/chat/completions//` });
  expect(await asks.predictAsync!(['abc'])).toEqual([['cba']]);
  expect(await asks.predictAsync!([null])).toEqual([]);
  await expect(predictor({ endpoint: `${server.url}/completions` })).rejects.toMatchObject({
    code: 'MDL1001',
  });
  await expect(predictor({ 'max-context-size': '10' })).rejects.toMatchObject({ code: 'MDL1001' });
});

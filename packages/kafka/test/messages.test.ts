/* The generated codecs: what is written is read again, in every version of every message; what is cut short or altered is
 * an error or another message, never a hang or a read beyond the bytes; and the files are what the definitions give. */

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { apis, WireError, WireReader, WireWriter, type ApiName } from '#kafka';
import { kafkaMissing } from '../../../tools/kafka.ts';

interface Codec {
  readonly key: number;
  readonly min: number;
  readonly max: number;
  readonly flexibleFrom: number;
  readRequest(r: WireReader, version: number): object;
  writeRequest(w: WireWriter, m: object, version: number): void;
  readResponse(r: WireReader, version: number): object;
  writeResponse(w: WireWriter, m: object, version: number): void;
}
const all = Object.entries(apis) as unknown as [ApiName, Codec][];
const sides = ['Request', 'Response'] as const;

function write(api: Codec, side: (typeof sides)[number], message: object, version: number): Buffer {
  const w = new WireWriter(version >= api.flexibleFrom);
  api[`write${side}`](w, message, version);
  return Buffer.concat(w.finish());
}
function read(
  api: Codec,
  side: (typeof sides)[number],
  bytes: Buffer,
  version: number,
): { readonly message: object; readonly left: number } {
  const r = new WireReader(bytes, 0, version >= api.flexibleFrom);
  return { message: api[`read${side}`](r, version), left: r.left };
}

/** A value like `sample` with other leaves; empty lists stay empty, for nothing tells what would be in them. */
function varied(sample: unknown, rng: Rng): unknown {
  if (Array.isArray(sample)) return sample.map((item) => varied(item, rng));
  if (sample instanceof Uint8Array) return Buffer.from([rng.below(256), rng.below(256)]);
  if (typeof sample === 'number') return sample > 1e15 ? sample : rng.below(127);
  if (typeof sample === 'boolean') return rng.below(2) === 1;
  if (typeof sample === 'string') return sample.length === 22 ? sample : `s${rng.below(1000)}é`;
  if (typeof sample === 'object' && sample !== null)
    return Object.fromEntries(Object.entries(sample).map(([k, v]) => [k, varied(v, rng)]));
  return sample;
}

describe.each(all)('%s', (_, api) => {
  test('defaults and other values come back in every version', () => {
    const rng = new Rng(api.key + 1);
    for (const side of sides) {
      for (let version = api.min; version <= api.max; version++) {
        const first = read(api, side, write(api, side, {}, version), version);
        expect({ version, left: first.left }).toEqual({ version, left: 0 });
        const message = varied(first.message, rng) as object;
        const bytes = write(api, side, message, version);
        const back = read(api, side, bytes, version);
        // What a version does not have comes back as its default; what it has comes back as it was written.
        expect(write(api, side, back.message, version)).toEqual(bytes);
        expect(back.left).toBe(0);
      }
    }
  });
  test('bytes that are cut or altered do no harm', () => {
    const rng = new Rng(api.key + 100);
    for (const side of sides) {
      const version = api.max;
      const whole = write(
        api,
        side,
        varied(read(api, side, write(api, side, {}, version), version).message, rng) as object,
        version,
      );
      for (let cut = 0; cut < whole.length; cut++)
        expect(() => read(api, side, whole.subarray(0, cut), version)).toThrow(WireError);
      for (let n = 0; n < 50; n++) {
        const altered = Buffer.from(whole);
        for (let k = 0; k <= rng.below(3); k++) altered[rng.below(altered.length)] = rng.below(256);
        try {
          read(api, side, altered, version);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }
    }
  });
});

test('int64 over its whole range, exactly up to 2^53', () => {
  for (const value of [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53) + 1, -(2 ** 63), 2 ** 63]) {
    const w = new WireWriter(false);
    w.int64(value);
    const bytes = Buffer.concat(w.finish());
    expect(new WireReader(bytes, 0, false).int64()).toBe(value);
    if (Math.abs(value) < 2 ** 53) expect(bytes.readBigInt64BE()).toBe(BigInt(value));
  }
});
test('a length that the bytes cannot hold is refused before anything is made of it', () => {
  const huge = Buffer.alloc(8);
  huge.writeInt32BE(0x7fff_ffff);
  expect(() => new WireReader(huge, 0, false).array(() => 0)).toThrow(WireError);
  expect(() => new WireReader(huge, 0, false).bytes()).toThrow(WireError);
  expect(() => new WireReader(Buffer.alloc(12, 0xff), 0, true).uvarint()).toThrow(WireError);
});

const missing = await kafkaMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
test.skipIf(missing !== undefined)(
  'the files are what the definitions of Kafka give',
  () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--conditions=millrace-source',
        '--disable-warning=ExperimentalWarning',
        'tools/protocol.ts',
        '--check',
      ],
      { cwd: new URL('../../..', import.meta.url), encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
  },
  60_000,
);

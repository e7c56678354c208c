/* Doubles of every length and exponent, through the scanners: the nearest double, and only rarely by the reference. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { types } from '#data';
import { fields } from './samples.ts';
import { agree, lay, place, readingOf, scannerOf } from './scan-harness.ts';

const perCall = 4000;

/** What the scanner makes of each text that it takes itself, NaN for those that it leaves. */
function scanned(texts: readonly string[]): number[] {
  const scanner = scannerOf(readingOf('json', fields({ d: types.DOUBLE })), perCall)!;
  lay(texts.map((text) => Buffer.from(`{"d":${text}}`)));
  scanner.begin();
  const rows: number[] = [];
  for (let record = 0; record < texts.length; record++) {
    record = scanner.scan(place, record, texts.length);
    if (record < texts.length) rows.push(scanner.rows);
    if (record < texts.length) scanner.reference(place, record);
  }
  const [column] = scanner.columns();
  if (column?.layout !== 'f64') throw new Error('a column of doubles');
  const values = [...column.values.subarray(0, scanner.rows)];
  for (const row of rows) values[row] = NaN;
  scanner.release();
  return values;
}

const bits = new DataView(new ArrayBuffer(8));
function anyDouble(rng: Rng): number {
  bits.setUint32(0, rng.uint32());
  bits.setUint32(4, rng.uint32());
  const value = bits.getFloat64(0);
  return Number.isFinite(value) ? value : 0;
}
const makers: Record<string, (rng: Rng) => string> = {
  'in [0, 1)': (rng) => String(rng.double()),
  coordinates: (rng) => String(rng.double() * 360 - 180),
  'around 10^±90': (rng) => String((rng.double() + 0.1) * 10 ** rng.between(-90, 90)),
  'of up to 18 digits and any exponent': (rng) =>
    `${rng.between(1, 9)}.${String(rng.uint32()).slice(0, rng.between(1, 9))}${String(rng.uint32()).slice(0, 8)}e${rng.between(-90, 90)}`,
  'between two doubles': (rng) => {
    const value = rng.between(2 ** 52, 2 ** 53 - 1);
    return `${rng.pick(['', '-'])}${BigInt(value) * 2n + 1n}${rng.pick(['', '.0', '0', 'e-1', 'e1'])}`;
  },
  'with any bits': (rng) => String(anyDouble(rng)).replace('e+', 'e'),
};
for (const [name, make] of Object.entries(makers)) {
  test(`${name}: the nearest double`, () => {
    const rng = new Rng(11);
    let left = 0;
    for (let call = 0; call < 12; call++) {
      const texts = Array.from({ length: perCall }, () => make(rng));
      scanned(texts).forEach((value, i) => {
        if (Number.isNaN(value)) left++;
        else if (!Object.is(value, Number(texts[i])))
          expect([texts[i], value]).toEqual([texts[i], Number(texts[i])]);
      });
    }
    // From 10^18 to 10^21 JavaScript writes all digits.
    if (name !== 'with any bits') expect(left).toBeLessThan(12 * perCall * 0.03);
  });
}

test('floats are the nearest too, also where floats have fewer bits', () => {
  const rng = new Rng(12);
  const texts = Array.from({ length: 3000 }, (_, i) =>
    i % 2 === 0
      ? String(Math.fround(rng.double()) + rng.double() * 1e-9)
      : `${rng.double()}e${rng.between(-48, 40)}`,
  );
  agree(
    readingOf('csv', fields({ d: types.FLOAT })),
    texts.map((text) => Buffer.from(text)),
  );
});

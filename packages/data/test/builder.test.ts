import { expect, test } from 'vitest';
import { columnBuilder, readValue, types } from '../src/index.ts';

test('bytes that outgrow the buffer are kept', () => {
  const builder = columnBuilder(types.BYTES);
  const long = new Uint8Array(5000).fill(7);
  builder.append(Uint8Array.of(1, 2));
  builder.append(long);
  const column = builder.build();
  expect(readValue(column, types.BYTES, 0)).toEqual(Uint8Array.of(1, 2));
  expect(readValue(column, types.BYTES, 1)).toEqual(long);
});

/* Arrays by slot that grow: small ones by doubling, which copies; large ones in place, for a copy of a hundred megabytes
 * would stop the job.
 *
 *   up to 2^17 elements   an array of its own, doubled
 *   beyond                a view of a WebAssembly memory, which grows without moving (ADR 10)
 *
 * Whoever grows an array gets a new one, and the old one must not be used any more. */

type Typed = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
type Make<T extends Typed> = {
  new (length: number): T;
  new (buffer: ArrayBuffer, at: number, length: number): T;
};

const inPlaceFrom = 1 << 17;
const pageBytes = 65_536;
/** The most that one array may take: 4 GiB is what such a memory can have. */
const pagesMax = 65_536;
const initialLength = 16;

/** What of a WebAssembly memory is used here. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
const memories = new WeakMap<ArrayBuffer, Memory>();

/** `array` if it has `size` elements, else a longer one that begins with the same elements and goes on with zeros. */
export function roomy<T extends Typed>(array: T, size: number): T {
  if (size <= array.length) return array;
  const make = array.constructor as Make<T>;
  const wanted = Math.max(initialLength, size, array.length * 2);
  if (wanted < inPlaceFrom) return copied(array, make, wanted);
  return inPlace(array, make, size);
}
function copied<T extends Typed>(array: T, make: Make<T>, length: number): T {
  const longer = new make(length);
  longer.set(array as never);
  return longer;
}
function inPlace<T extends Typed>(array: T, make: Make<T>, size: number): T {
  const { BYTES_PER_ELEMENT: width } = array;
  // Half as much again: what is asked for costs no copy, only pages that nobody has touched.
  const pages = Math.ceil((Math.max(size, Math.ceil(array.length * 1.5)) * width) / pageBytes);
  const known = memories.get(array.buffer);
  const memory = known ?? reserve(pages);
  if (memory === undefined) return copied(array, make, Math.max(size, array.length * 2));
  if (known !== undefined) known.grow(pages - known.buffer.byteLength / pageBytes);
  const { buffer } = memory;
  memories.set(buffer, memory);
  const longer = new make(buffer, 0, buffer.byteLength / width);
  if (known === undefined) longer.set(array as never);
  return longer;
}
/** Undefined where the process may not reserve so many addresses: then arrays are copied as they grow. */
function reserve(pages: number): Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pagesMax }) as unknown as Memory;
  } catch {
    return undefined;
  }
}

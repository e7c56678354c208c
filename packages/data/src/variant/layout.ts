/* The bytes of a VARIANT: the open variant encoding that Spark, Parquet and Flink share.
 *
 *   metadata   header (version, width of offsets) · number of names · where each begins · names in UTF-8
 *   value      header · content; members of an object stand in the order of their names, their content as it was written
 *
 * A value of ours is both, one behind the other: the metadata says itself how long it is. Values taken out of another keep
 * all of its names, as in Flink, and are equal only where their names are too. */

/** The two low bits of a value's header. */
export const basic = { scalar: 0, shortText: 1, object: 2, array: 3 } as const;

/** What the other bits of a scalar's header say; only what JSON can make. */
export const scalar = {
  null: 0,
  true: 1,
  false: 2,
  int8: 3,
  int16: 4,
  int32: 5,
  int64: 6,
  double: 7,
  decimal4: 8,
  decimal8: 9,
  decimal16: 10,
  text: 16,
} as const;

export const version = 1;
/** Texts up to here carry their length in the header. */
export const shortTextMax = 63;
/** Collections beyond it count their members in four bytes. */
export const smallCountMax = 255;
/** Objects of so many members are searched by halves. */
export const searchMin = 32;
/** Names, and a value, may have so many bytes. */
export const variantBytesMax = 1 << 24;
/** Digits that a decimal may have, before and behind the point. */
export const decimalDigitsMax = 38;

/** How many bytes hold an offset or an id. */
export const widthOf = (max: number): number => (max <= 0xff ? 1 : max <= 0xffff ? 2 : 3);

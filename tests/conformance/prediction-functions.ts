/* The models in TypeScript that the predictions ask; those of Flink are in tools/conformance/predictions. */

/** Twice the number, and the text with an exclamation mark. */
export const measure = (a: number | null, s: string | null): object => ({
  n: a === null ? null : BigInt(a) * 2n,
  shout: s === null ? null : `${s}!`,
});

/** The same of a BIGINT, which turns over as in Java. */
export const wide = (a: bigint | null, s: string | null): object => ({
  n: a === null ? null : BigInt.asIntN(64, a * 2n),
  shout: s === null ? null : `${s}!`,
});

/** As many rows as the number says. */
export const repeated = async (n: number | null): Promise<object[]> =>
  Array.from({ length: Math.max(0, n ?? 0) }, (_, i) => ({ i, label: `${i} of ${n}` }));

/** Values as they came. */
export const kinds = (
  d: string | null,
  t: string | null,
  b: boolean | null,
  xs: readonly (number | null)[] | null,
): object => ({ d, t, b: b === true, xs });

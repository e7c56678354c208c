/** A message to be written: what is left out has the protocol's default. */
export type Sparse<T> = T extends readonly Uint8Array[] | Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Sparse<Item>[]
    : T extends object
      ? { readonly [K in keyof T]?: Sparse<T[K]> }
      : T;

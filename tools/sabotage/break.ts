/* A place where the code is broken on purpose, to see that a test notices. */

export interface Break {
  /** A mistake that somebody could make, in words. */
  readonly mistake: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The cheapest test that must see it. `vitest`: test files, of which those `named` so; `slt`: SQL test files. */
  readonly test: { readonly vitest: string; readonly named?: string } | { readonly slt: string };
}

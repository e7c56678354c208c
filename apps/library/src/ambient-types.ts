/* Names that our types speak of and that a program's own libraries may lack: `lib` without `dom` has no WebAssembly. Where it is
 * there, this adds nothing. */

declare global {
  namespace WebAssembly {
    interface Memory extends Record<never, never> {}
  }
}

export {};

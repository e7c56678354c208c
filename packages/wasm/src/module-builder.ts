/* Puts functions together into a module that works on the thread's memory. */

import { nameBytes, sized, unsigned, valueTypeByte, type ValueType } from './code.ts';
import { FunctionBuilder } from './function-builder.ts';
import { memoryPages } from './memory.ts';

const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const types = (list: readonly ValueType[]): number[] => [
  ...unsigned(list.length),
  ...list.map((t) => valueTypeByte[t]),
];

export class ModuleBuilder {
  readonly #functions: FunctionBuilder[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  /** A new function; `body` writes it and may call functions declared before, and itself. Exported under
   *  `name` when there is one. */
  function(
    signature: {
      readonly params: readonly ValueType[];
      readonly results: readonly ValueType[];
      readonly name?: string;
    },
    body: (f: FunctionBuilder) => void,
  ): FunctionBuilder {
    const f = new FunctionBuilder(this.#functions.length, signature);
    this.#functions.push(f);
    if (signature.name !== undefined) this.#exports.push({ name: signature.name, index: f.index });
    body(f);
    return f;
  }

  /** The module in bytecode; it imports `env.memory`. */
  finish(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const signatures = functions.map((f) => [
      0x60,
      ...types(f.signature.params),
      ...types(f.signature.results),
    ]);
    const bytes = [
      0x00,
      0x61,
      0x73,
      0x6d,
      0x01,
      0x00,
      0x00,
      0x00,
      ...section(1, vector(signatures)),
      ...section(
        2,
        vector([
          [
            ...nameBytes('env'),
            ...nameBytes('memory'),
            0x02,
            0x01,
            ...unsigned(memoryPages),
            ...unsigned(memoryPages),
          ],
        ]),
      ),
      ...section(3, vector(functions.map((f) => unsigned(f.index)))),
      ...section(7, vector(this.#exports.map((e) => [...nameBytes(e.name), 0x00, ...unsigned(e.index)]))),
    ];
    return Uint8Array.from([...bytes, ...section(10, vector(functions.map((f) => f.finish())))]);
  }
}

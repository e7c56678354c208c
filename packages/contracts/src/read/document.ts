/* A YAML document with the place of everything in it: a mistake is told with its line. */

import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { UserError, type Span } from '#base';

type Path = readonly (string | number)[];

export class YamlDocument {
  readonly name: string;
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  /** Throws CON1001 for text that is no YAML; aliases are bounded by the parser. */
  constructor(text: string, name: string) {
    this.name = name;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [error] = this.#document.errors;
    if (error !== undefined)
      throw new UserError('CON1001', {
        message: `${name} is no YAML: ${error.message}`,
        at: this.#span(error.pos[0], error.pos[1]),
      });
    this.value = this.#document.toJS();
  }
  #span(start: number, end: number): Span {
    const { line, col } = this.#lines.linePos(start);
    return { start, end, line: Math.max(1, line), column: Math.max(1, col) };
  }
  /** Where a value stands; of a member of a map, its key; of one that is missing, the map. */
  at(path: Path): Span | undefined {
    const parent =
      path.length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
      const range = isScalar(pair?.key) ? pair.key.range : undefined;
      if (range !== undefined && range !== null) return this.#span(range[0], range[1]);
    }
    const node = this.#document.getIn(path, true) as
      | { readonly range?: readonly [number, number, number] }
      | undefined;
    if (node?.range !== undefined) return this.#span(node.range[0], node.range[1]);
    // What is missing is missing in what stands around it.
    return path.length === 0 ? undefined : this.at(path.slice(0, -1));
  }
  /** CON1002: something in it is not what it should be. */
  wrong(path: Path, problem: string, hint?: string): UserError {
    const where =
      path.length === 0
        ? ''
        : ` ${path
            .map((p) => (typeof p === 'number' ? `[${p + 1}]` : p))
            .join('.')
            .replaceAll('.[', '[')}:`;
    return new UserError('CON1002', { message: `${this.name}:${where} ${problem}`, at: this.at(path), hint });
  }
}

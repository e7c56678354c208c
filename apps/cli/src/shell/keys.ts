/* What readline does not bring: Ctrl-R searches the history, and what is typed is coloured.
 *
 * It hooks into the methods that Node's own REPL replaces in the same way: `_ttyWrite` gets every key, `_writeToOutput`
 * writes the line. */

import type { Interface, Key } from 'node:readline';
import { isColored } from '../terminal.ts';
import { highlight } from './highlight.ts';

interface Hooks {
  line: string;
  cursor: number;
  history: string[];
  _ttyWrite(text: string | undefined, key: Key): void;
  _writeToOutput(text: string): void;
  _refreshLine(): void;
}

export function bindKeys(rl: Interface): void {
  const hooks = rl as unknown as Hooks;
  const search = new HistorySearch(rl, hooks);
  const plain = hooks._ttyWrite.bind(rl);
  hooks._ttyWrite = (text, key) => {
    if (search.takes(text, key)) return;
    plain(text, key);
    // A character at the end is written alone: its word may have become a keyword.
    if (isColored() && hooks.line !== '' && key.name !== 'return' && key.name !== 'enter')
      hooks._refreshLine();
  };
  if (!isColored()) return;
  const write = hooks._writeToOutput.bind(rl);
  hooks._writeToOutput = (text) => {
    const prompt = rl.getPrompt();
    const isLine = hooks.line !== '' && text === prompt + hooks.line;
    write(isLine ? prompt + highlight(hooks.line) : text);
  };
}

/** (reverse-i-search)`text': the newest entry that holds it. */
class HistorySearch {
  readonly #rl: Interface;
  readonly #hooks: Hooks;
  #query: string | undefined;
  #at = 0;
  #before = { line: '', prompt: '' };

  constructor(rl: Interface, hooks: Hooks) {
    this.#rl = rl;
    this.#hooks = hooks;
  }
  /** True when the key is none of readline's business. */
  takes(text: string | undefined, key: Key): boolean {
    const isSearch = key.ctrl === true && key.name === 'r';
    if (this.#query === undefined) {
      if (!isSearch) return false;
      this.#before = { line: this.#hooks.line, prompt: this.#rl.getPrompt() };
      this.#query = '';
      this.#at = 0;
      this.#show();
      return true;
    }
    if (isSearch) this.#find(this.#at + 1);
    else if (key.name === 'backspace') {
      this.#query = this.#query.slice(0, -1);
      this.#find(0);
    } else if (key.ctrl === true && (key.name === 'c' || key.name === 'g')) this.#leave(this.#before.line);
    else if (
      text !== undefined &&
      key.ctrl !== true &&
      key.meta !== true &&
      text >= ' ' &&
      text !== '\u007f'
    ) {
      this.#query += text;
      this.#find(this.#at);
    } else {
      // Enter runs what was found; any other key goes on editing it.
      this.#leave(this.#hooks.line);
      return key.name === 'escape';
    }
    return true;
  }
  #find(from: number): void {
    const { history } = this.#hooks;
    const query = this.#query!.toLowerCase();
    for (let at = from; at < history.length; at++) {
      if (query === '' || !history[at]!.toLowerCase().includes(query)) continue;
      this.#at = at;
      this.#hooks.line = history[at]!;
      break;
    }
    this.#show();
  }
  #show(): void {
    this.#rl.setPrompt(`(reverse-i-search)\`${this.#query!}': `);
    this.#hooks.cursor = this.#hooks.line.length;
    this.#hooks._refreshLine();
  }
  #leave(line: string): void {
    this.#query = undefined;
    this.#rl.setPrompt(this.#before.prompt);
    this.#hooks.line = line;
    this.#hooks.cursor = line.length;
    this.#hooks._refreshLine();
  }
}

/* A backtracking matcher of nodes, for what JavaScript's expressions cannot say (back references to groups that did not
 * take part, groups that keep their last value, \G) or what might explode there. It counts its steps.
 *
 *   node ──▶ function (text, at, next) ──▶ whether it matches and so does what comes next */

import { childrenOf, some, type Node, type Place } from './ast.ts';
import { contains, ignoringCase, single, type CodePoints } from './code-points.ts';
import { borderWord } from './emit.ts';
import { wordSet } from './properties.ts';

/** More than this in one search, and it is given up: a second or so. */
export const stepsMax = 20_000_000;

/** Thrown when a search has taken `stepsMax` steps, or is nested too deep. */
export class TooManySteps extends Error {}

interface State {
  text: string;
  /** Where the match before ended, for \G. */
  lastEnd: number;
  /** Start and end of each group, -1 where it has none. */
  readonly groups: Int32Array;
  steps: number;
}
type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

export class Matching {
  readonly #state: State;
  readonly #match: Matcher;
  #end = 0;

  constructor(node: Node, groups: number) {
    this.#state = { text: '', lastEnd: 0, groups: new Int32Array(2 * groups + 2), steps: 0 };
    this.#match = new Compiler(this.#state).matcher(node);
  }
  /** The first match from `from` on: start and end of the whole and of each group, -1 for none. */
  find(text: string, from: number): Int32Array | undefined {
    const state = this.#state;
    state.text = text;
    state.lastEnd = from;
    state.steps = 0;
    const { groups } = state;
    const end = (at: number): boolean => {
      this.#end = at;
      return true;
    };
    try {
      // As in Java, what a start that failed left in groups stays (see #look and #atomic).
      groups.fill(-1);
      for (let start = from; start <= text.length; start++) {
        // Half a character is none, but nothing may stand between the halves.
        const split = start > 0 && isLow(text.charCodeAt(start)) && isHigh(text.charCodeAt(start - 1));
        if (this.#match(start, split ? (at) => at === start && end(at) : end)) {
          groups[0] = start;
          groups[1] = this.#end;
          return groups;
        }
      }
    } catch (error) {
      if (error instanceof RangeError) throw new TooManySteps('nested too deep');
      throw error;
    }
    return undefined;
  }
}

class Compiler {
  readonly #state: State;
  constructor(state: State) {
    this.#state = state;
  }
  #step(): void {
    if (++this.#state.steps > stepsMax) throw new TooManySteps('too many steps');
  }
  matcher(node: Node): Matcher {
    const state = this.#state;
    switch (node.kind) {
      case 'set': {
        const width = this.#width(node.set);
        return (at, next) => {
          this.#step();
          const taken = width(at);
          return taken > 0 && next(at + taken);
        };
      }
      case 'sequence': {
        const parts = node.parts.map((p) => this.matcher(p));
        if (parts.length === 0) return (at, next) => next(at);
        return parts.reduceRight((rest, part) => (at, next) => part(at, (middle) => rest(middle, next)));
      }
      case 'either': {
        const options = node.options.map((o) => this.matcher(o));
        return (at, next) => {
          this.#step();
          return options.some((option) => option(at, next));
        };
      }
      case 'capture':
        return this.#capture(node.index, this.matcher(node.node));
      case 'repeat':
        return this.#repeat(node);
      case 'atomic':
        return this.#atomic(this.matcher(node.node));
      case 'look':
        return this.#look(node);
      case 'back':
        return this.#back(node.group, node.ignoreCase);
      case 'at': {
        const test = this.#place(node.place);
        return (at, next) => {
          this.#step();
          return test(state.text, at) && next(at);
        };
      }
    }
  }
  /** How many units of the text at a place are one of the set: 0, 1 or 2. */
  #width(set: CodePoints): (at: number) => number {
    const state = this.#state;
    const small = new Uint8Array(128);
    for (let code = 0; code < 128; code++) small[code] = contains(set, code) ? 1 : 0;
    return (at) => {
      if (at >= state.text.length) return 0;
      const unit = state.text.charCodeAt(at);
      if (unit < 128) return small[unit]!;
      const code = state.text.codePointAt(at)!;
      return contains(set, code) ? (code > 0xffff ? 2 : 1) : 0;
    };
  }
  #capture(index: number, inner: Matcher): Matcher {
    const { groups } = this.#state;
    return (at, next) => {
      const [start, end] = [groups[2 * index]!, groups[2 * index + 1]!];
      const matched = inner(at, (stop) => {
        const [innerStart, innerEnd] = [groups[2 * index]!, groups[2 * index + 1]!];
        groups[2 * index] = at;
        groups[2 * index + 1] = stop;
        if (next(stop)) return true;
        groups[2 * index] = innerStart;
        groups[2 * index + 1] = innerEnd;
        return false;
      });
      if (!matched) {
        groups[2 * index] = start;
        groups[2 * index + 1] = end;
      }
      return matched;
    };
  }
  /** As in Java, groups keep what they matched inside, also where what comes next fails. */
  #atomic(inner: Matcher): Matcher {
    return (at, next) => {
      this.#step();
      let stop = -1;
      const matched = inner(at, (end) => {
        stop = end;
        return true;
      });
      return matched && next(stop);
    };
  }
  #repeat(node: Extract<Node, { kind: 'repeat' }>): Matcher {
    if (node.mode === 'possessive') return this.#atomic(this.#repeat({ ...node, mode: 'greedy' }));
    const { min, max } = node;
    if (node.node.kind === 'set') return this.#repeatSet(node.node.set, min, max, node.mode === 'lazy');
    const inner = this.matcher(node.node);
    const again = (at: number, count: number, next: Next): boolean => {
      this.#step();
      const more = (): boolean =>
        count < max &&
        inner(at, (stop) => {
          // As in Java, a pass that took nothing ends the loop.
          if (stop === at && count >= min) return next(stop);
          return again(stop, count + 1, next);
        });
      if (count < min) return more();
      return node.mode === 'lazy' ? next(at) || more() : more() || next(at);
    };
    return (at, next) => again(at, 0, next);
  }
  /** Without a call a character. */
  #repeatSet(set: CodePoints, min: number, max: number, lazy: boolean): Matcher {
    const width = this.#width(set);
    const { text } = { text: () => this.#state.text };
    return (at, next) => {
      let stop = at;
      let count = 0;
      if (lazy) {
        for (; ; count++) {
          this.#step();
          if (count >= min && next(stop)) return true;
          const taken = count < max ? width(stop) : 0;
          if (taken === 0) return false;
          stop += taken;
        }
      }
      for (let taken = 0; count < max && (taken = width(stop)) > 0; count++) {
        this.#step();
        stop += taken;
      }
      for (; count >= min; count--) {
        this.#step();
        if (next(stop)) return true;
        if (count === 0) return false;
        stop--;
        if (stop > at && isLow(text().charCodeAt(stop)) && isHigh(text().charCodeAt(stop - 1))) stop--;
      }
      return false;
    };
  }
  /** As in Java, groups keep what they matched inside, whatever comes of it. */
  #look(node: Extract<Node, { kind: 'look' }>): Matcher {
    const inner = this.matcher(node.node);
    const ahead = (at: number): boolean => inner(at, () => true);
    const behind = (at: number): boolean => {
      for (let length = node.min; length <= node.max && length <= at; length++) {
        if (inner(at - length, (stop) => stop === at)) return true;
      }
      return false;
    };
    const test = node.ahead ? ahead : behind;
    return (at, next) => {
      this.#step();
      return test(at) !== node.negated && next(at);
    };
  }
  #back(group: number, ignoreCase: 'no' | 'ascii' | 'unicode'): Matcher {
    const state = this.#state;
    const same = (a: number, b: number): boolean =>
      a === b || (ignoreCase !== 'no' && contains(ignoringCase(single(a), ignoreCase === 'unicode'), b));
    return (at, next) => {
      this.#step();
      const start = state.groups[2 * group] ?? -1;
      const length = (state.groups[2 * group + 1] ?? -1) - start;
      // A group that did not take part, or that there is not, matches nothing.
      if (start < 0 || at + length > state.text.length) return false;
      for (let i = 0; i < length; i++)
        if (!same(state.text.charCodeAt(start + i), state.text.charCodeAt(at + i))) return false;
      return next(at + length);
    };
  }
  #place(place: Place): (text: string, at: number) => boolean {
    switch (place) {
      case 'start':
        return (_, at) => at === 0;
      case 'end':
        return (text, at) => at === text.length;
      case 'end-or-last-line-end':
        return (text, at) =>
          at === text.length || (lineEnds(text, at) && lineEndLength(text, at) === text.length - at);
      case 'end-or-last-newline':
        return (text, at) => at === text.length || (at === text.length - 1 && text[at] === '\n');
      case 'line-start':
        return (text, at) => at < text.length && (at === 0 || (isLineEnd(text, at - 1) && !inPair(text, at)));
      case 'unix-line-start':
        return (text, at) => at < text.length && (at === 0 || text[at - 1] === '\n');
      case 'line-end':
        return (text, at) => at === text.length || lineEnds(text, at);
      case 'unix-line-end':
        return (text, at) => at === text.length || text[at] === '\n';
      case 'word-border':
      case 'no-word-border':
        return border(borderWord(), place === 'word-border');
      case 'unicode-word-border':
      case 'no-unicode-word-border':
        return border(wordSet(true), place === 'unicode-word-border');
      case 'last-match-end':
        return (_, at) => at === this.#state.lastEnd;
    }
  }
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;
const isLineEnd = (text: string, at: number): boolean => /[\n\r\x85\u2028\u2029]/.test(text[at] ?? '');
/** Between \r and \n. */
const inPair = (text: string, at: number): boolean => text[at - 1] === '\r' && text[at] === '\n';
const lineEnds = (text: string, at: number): boolean => isLineEnd(text, at) && !inPair(text, at);
const lineEndLength = (text: string, at: number): number =>
  text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;

function border(word: CodePoints, is: boolean): (text: string, at: number) => boolean {
  const before = (text: string, at: number): number => {
    const low = text.charCodeAt(at - 1);
    return isLow(low) && at > 1 && isHigh(text.charCodeAt(at - 2)) ? text.codePointAt(at - 2)! : low;
  };
  return (text, at) => {
    const left = at > 0 && contains(word, before(text, at));
    const right = at < text.length && contains(word, text.codePointAt(at)!);
    return (left !== right) === is;
  };
}

/** What no expression of JavaScript finds. */
export const beyondJavaScript = (node: Node): boolean =>
  some(node, (n) => n.kind === 'back' || (n.kind === 'at' && n.place === 'last-match-end'));

/** Whether JavaScript's expressions would find something else or give other groups, or cannot say it. */
export const needsMatching = (node: Node): boolean =>
  beyondJavaScript(node) ||
  some(node, (n) => some(n, isCapture) && keepsGroups(n)) ||
  some(node, endsOnNothing);
const isCapture = (n: Node): boolean => n.kind === 'capture';

/** What gives its groups back in JavaScript and keeps them in Java: where it fails, or from pass to pass. */
const keepsGroups = (n: Node): boolean =>
  n.kind === 'look' ||
  n.kind === 'atomic' ||
  (n.kind === 'repeat' &&
    (n.mode === 'possessive' || mayBeEmpty(n.node) || (n.max > 1 && forgets(n.node, false))));

/** A loop that may prefer a pass of nothing: it ends Java's loop, JavaScript looks for a longer pass. */
const endsOnNothing = (n: Node): boolean =>
  n.kind === 'repeat' &&
  mayBeEmpty(n.node) &&
  some(n.node, (inner) => inner.kind === 'either' || (inner.kind === 'repeat' && inner.mode === 'lazy'));

/** Whether a group inside may take no part in a pass of a loop: JavaScript then forgets its value, Java keeps it. */
function forgets(node: Node, optional: boolean): boolean {
  if (node.kind === 'capture' && optional) return true;
  const below = optional || node.kind === 'either' || (node.kind === 'repeat' && node.min === 0);
  return childrenOf(node).some((n) => forgets(n, below));
}
function mayBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.parts.every(mayBeEmpty);
    case 'either':
      return node.options.some(mayBeEmpty);
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.node);
    case 'capture':
    case 'atomic':
      return mayBeEmpty(node.node);
    default:
      return true;
  }
}
export { mayBeEmpty };

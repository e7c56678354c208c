/* A pattern as a small program that walks a name once, all of its ways at the same time (Thompson 1968). */

import { PatternError, type PatternNode } from './syntax.ts';

type Step =
  | { readonly kind: 'one'; readonly matches: (char: string) => boolean }
  | { readonly kind: 'edge'; readonly edge: (before: string, after: string) => boolean }
  | { readonly kind: 'fork'; to: number; or: number }
  | { readonly kind: 'done' };

const stepsMax = 20_000;
const isWord = (char: string): boolean => /^\w$/.test(char);
const edges = {
  start: (before: string) => before === '',
  end: (_before: string, after: string) => after === '',
  word: (before: string, after: string) => isWord(before) !== isWord(after),
  noWord: (before: string, after: string) => isWord(before) === isWord(after),
} as const;

/** Whether the whole of a name is what the tree says. */
export function compile(node: PatternNode): (name: string) => boolean {
  const steps: Step[] = [];
  emit(node, steps);
  steps.push({ kind: 'done' });
  return (name) => run(steps, [...name]);
}

function push(steps: Step[], step: Step): void {
  if (steps.length >= stepsMax) throw new PatternError('expression is too large');
  steps.push(step);
}
function fork(steps: Step[]): { to: number; or: number } {
  const step = { kind: 'fork' as const, to: steps.length + 1, or: steps.length + 1 };
  push(steps, step);
  return step;
}

function emit(node: PatternNode, steps: Step[]): void {
  switch (node.kind) {
    case 'one':
      return push(steps, node);
    case 'edge':
      return push(steps, { kind: 'edge', edge: edges[node.edge] });
    case 'all':
      for (const part of node.parts) emit(part, steps);
      return;
    case 'either': {
      const ends: { to: number; or: number }[] = [];
      node.choices.forEach((choice, i) => {
        const start = i < node.choices.length - 1 ? fork(steps) : undefined;
        emit(choice, steps);
        if (start === undefined) return;
        ends.push(fork(steps));
        start.or = steps.length;
      });
      for (const end of ends) end.to = end.or = steps.length;
      return;
    }
    case 'repeat': {
      for (let i = 0; i < node.min; i++) emit(node.of, steps);
      const skips: { or: number }[] = [];
      for (let i = node.min; i < node.max && node.max !== Infinity; i++) {
        skips.push(fork(steps));
        emit(node.of, steps);
      }
      if (node.max === Infinity) {
        const at = steps.length;
        skips.push(fork(steps));
        emit(node.of, steps);
        const back = fork(steps);
        back.to = back.or = at;
      }
      for (const skip of skips) skip.or = steps.length;
    }
  }
}

function run(steps: readonly Step[], name: readonly string[]): boolean {
  let here = new Set<number>();
  const reach = (from: number, at: number, into: Set<number>): void => {
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (into.has(next)) continue;
      into.add(next);
      const step = steps[next]!;
      if (step.kind === 'fork') open.push(step.or, step.to);
      else if (step.kind === 'edge' && step.edge(name[at - 1] ?? '', name[at] ?? '')) open.push(next + 1);
    }
  };
  reach(0, 0, here);
  for (let at = 0; at < name.length && here.size > 0; at++) {
    const then = new Set<number>();
    for (const place of here) {
      const step = steps[place]!;
      if (step.kind === 'one' && step.matches(name[at]!)) reach(place + 1, at + 1, then);
    }
    here = then;
  }
  return here.has(steps.length - 1);
}

/* A rule changes one relation; a stage applies rules to whole plans. */

import { assert } from '#base';
import type { Session } from '../bind/session.ts';
import { inputsOf, withInputs } from '../logical/kinds.ts';
import type { Rel } from '../logical/rel.ts';

/** What stands in place of `rel`, whose inputs are through already: `rel` itself where there is nothing to do. */
export type Rule = (rel: Rel, session: Session) => Rel;

export interface Stage {
  readonly name: string;
  /** Over all relations of one job. */
  run(rels: readonly Rel[], session: Session): readonly Rel[];
}

/** Each rule once at every relation, from the leaves up. */
export const everywhere = (name: string, rule: Rule): Stage => ({
  name,
  run: (rels, session) => {
    const visit = upward(rule, session);
    return rels.map(visit);
  },
});

const passesMax = 200;
/** The rules in turn, again and again, until they have nothing left to do. */
export const untilStill = (name: string, ...rules: readonly Rule[]): Stage => ({
  name,
  run: (rels, session) => {
    let before = rels;
    for (let pass = 0; ; pass++) {
      assert(pass < passesMax, `the stage "${name}" comes to rest`);
      const after = rules.reduce<readonly Rel[]>((now, rule) => now.map(upward(rule, session)), before);
      if (after.every((rel, i) => rel === before[i])) return after;
      before = after;
    }
  },
});

function upward(rule: Rule, session: Session): (rel: Rel) => Rel {
  const done = new Map<Rel, Rel>();
  const visit = (rel: Rel): Rel => {
    const known = done.get(rel);
    if (known !== undefined) return known;
    const inputs = inputsOf(rel);
    const after = inputs.map(visit);
    const same = after.every((input, i) => input === inputs[i]);
    const made = rule(same ? rel : withInputs(rel, after), session);
    done.set(rel, made);
    return made;
  };
  return visit;
}

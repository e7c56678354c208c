/* Logical to physical: a rule a kind of relation, from the sources up. Equal relations become one node, so that several
 * sinks share what they have in common; what a rule needs to know of its input it asks of `upward`. */

import type { Session } from '../bind/session.ts';
import { Interner } from '../digest.ts';
import { inputsOf } from '../logical/kinds.ts';
import type { Rel } from '../logical/rel.ts';
import type { PlanNode } from './node.ts';
import { convertAggregate } from './rules/aggregate.ts';
import { convertFilter, convertProject } from './rules/calc.ts';
import { convertFromChangelog, convertToChangelog } from './rules/changelog-functions.ts';
import { convertCheck } from './rules/check.ts';
import { convertExpand } from './rules/expand.ts';
import { convertFreshness } from './rules/freshness.ts';
import { convertPredict } from './rules/predict.ts';
import { convertProcess } from './rules/process.ts';
import { convertJoin } from './rules/join.ts';
import { convertLookupJoin } from './rules/lookup-join.ts';
import { convertMatch } from './rules/match.ts';
import { convertOver } from './rules/over.ts';
import { convertRank } from './rules/rank.ts';
import { convertRefused } from './rules/refused.ts';
import { convertReplicate } from './rules/replicate.ts';
import type { Convert, Conversion } from './rules/rule.ts';
import { convertScan } from './rules/scan.ts';
import { convertSort } from './rules/sort.ts';
import { convertTemporalJoin } from './rules/temporal-join.ts';
import { convertUnion } from './rules/union.ts';
import { convertUnnest } from './rules/unnest.ts';
import { convertValues } from './rules/values.ts';
import { convertWindowTable } from './rules/window-table.ts';
import { Upward } from './traits/upward.ts';

const rules: { readonly [K in Rel['kind']]: Convert<Extract<Rel, { kind: K }>> } = {
  aggregate: convertAggregate,
  check: convertCheck,
  expand: convertExpand,
  filter: convertFilter,
  freshness: convertFreshness,
  'from-changelog': convertFromChangelog,
  join: convertJoin,
  'lookup-join': convertLookupJoin,
  match: convertMatch,
  over: convertOver,
  predict: convertPredict,
  process: convertProcess,
  project: convertProject,
  rank: convertRank,
  refused: convertRefused,
  replicate: convertReplicate,
  scan: convertScan,
  sort: convertSort,
  'temporal-join': convertTemporalJoin,
  'to-changelog': convertToChangelog,
  union: convertUnion,
  unnest: convertUnnest,
  values: convertValues,
  'window-table': convertWindowTable,
};

export class Converter implements Conversion {
  readonly session: Session;
  readonly upward = new Upward();
  readonly #made = new Map<number, PlanNode>();
  readonly #interner = new Interner<Rel>((rel) => inputsOf(rel));

  constructor(session: Session) {
    this.session = session;
  }
  /** The node for `rel`: the same for equal relations. Throws what cannot run. */
  convert(rel: Rel): PlanNode {
    const key = this.#interner.id(rel);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const rule: Convert<Rel> = rules[rel.kind];
    const node = rule.make(rel, this);
    this.#made.set(key, node);
    return node;
  }
}

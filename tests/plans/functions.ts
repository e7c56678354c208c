/* Functions that plans and errors are shown with. */

const set = { name: 'input', table: 'set' };
const returns = 'ROW<k STRING, total BIGINT>';
const nothing = (): void => {};

export const tally = {
  args: [set, { name: 'bound', type: 'INT' }, { name: 'note', type: 'STRING', optional: true }],
  returns,
  state: { total: 'BIGINT' },
  eval: nothing,
  onTimer: nothing,
};
export const timed = { ...tally, args: [{ ...set, requireOnTime: true }] };
export const each = { args: [{ name: 'input', table: 'row' }], returns: 'STRING', eval: nothing };

const other = { ...set, name: 'other' };
export const pair = { ...tally, args: [set, other] };
export const pairOfRows = { ...each, args: [set, { name: 'other', table: 'row' }] };
export const passingPair = { ...each, args: [{ ...set, passColumnsThrough: true }, other] };
export const crowd = { ...each, args: Array.from({ length: 21 }, (_, i) => ({ ...set, name: `t${i}` })) };
export const noTable = { ...each, args: [{ name: 'n', type: 'INT' }] };
export const reserved = { ...each, args: [set, { name: 'uid', type: 'INT' }] };
export const twice = { ...each, args: [set, { name: 'input', type: 'INT' }] };
export const stateful = { ...each, state: { n: 'INT' } };
export const passing = { ...tally, args: [{ ...set, passColumnsThrough: true }] };
export const forEver = { ...each, args: [set], state: { n: { type: 'INT', ttl: 'long' } } };
export const half = { args: [{ table: 'set' }], returns, eval: nothing };
export const strangeView = { ...each, args: [set], state: { n: { view: 'set', type: 'INT' } } };
export const keyless = { ...each, args: [set], state: { n: { view: 'map', type: 'INT' } } };

const changing = { ...set, supportUpdates: true };
export const kinds = { ...tally, args: [changing], onTimer: undefined };
export const kindsFull = { ...kinds, args: [{ ...changing, requireFullDelete: true }] };
export const kindsBefore = { ...kinds, args: [{ ...changing, requireUpdateBefore: true }] };
export const sums = {
  ...tally,
  args: [set],
  changelogMode: ({ required }: { required: object }): object => required,
};
export const upserts = { ...sums, changelogMode: ['+I', '+U', '-D'] };
export const keyed = { ...sums, changelogMode: { kinds: ['+I', '+U', '-D'], keyOnlyDeletes: true } };
export const passingChanges = { ...each, args: [{ ...changing, passColumnsThrough: true }] };
export const passingResult = { ...upserts, onTimer: undefined, args: [{ ...set, passColumnsThrough: true }] };
export const wholeRows = { ...each, args: [{ ...set, requireFullDelete: true }] };
export const strangeKind = { ...sums, changelogMode: ['+I', '+D'] };
export const halfUpdate = { ...sums, changelogMode: ['+I', '-U'] };
export const noDeletes = { ...sums, changelogMode: { kinds: ['+I', '+U'], keyOnlyDeletes: true } };
export const noRows = { ...sums, changelogMode: { kinds: ['+U'] } };
export const kindless = { ...sums, changelogMode: {} };

/** A model of two columns. */
export const guess = (a: number, s: string): object => ({ s: `${s}${a}`, sure: 1 });

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

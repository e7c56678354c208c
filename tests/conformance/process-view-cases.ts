/* Lists and maps that process table functions keep: the functions of process-views.ts. */

const byK = 'TABLE moves PARTITION BY k';

export const viewQueries: readonly string[] = [
  `SELECT * FROM listed(${byK})`,
  'SELECT * FROM listed(TABLE moves)',
  'SELECT * FROM listed(TABLE moves PARTITION BY id)',
  'SELECT * FROM listed(TABLE nothing PARTITION BY k)',
  `SELECT * FROM mapped(${byK})`,
  'SELECT * FROM mapped(TABLE moves)',
  'SELECT * FROM mapped(TABLE moves PARTITION BY v)',
  `SELECT * FROM held(input => ${byK}, on_time => DESCRIPTOR(ts))`,
  'SELECT * FROM held(input => TABLE moves PARTITION BY v, on_time => DESCRIPTOR(ts))',
  // What lives for its own time.
  `SELECT * FROM lasting(${byK})`,
  `SELECT * FROM lost(${byK})`,
  // No nulls in lists, nor among the keys of maps.
  `SELECT * FROM nullListed(${byK})`,
  `SELECT * FROM nullKeyed(${byK})`,
];

/* Where process table functions give something else than in Flink, each with its reason. */

const severalKeys =
  'Flink fails where several tables are partitioned by several columns (NegativeArraySizeException). We run it.';
const steps = '(SELECT id, k, v FROM moves) PARTITION BY k';
const unplanned =
  'Flink has no plan where a table is partitioned by the key of its changes and cannot be had without -U (IndexOutOfBoundsException in the planner). Here its -U are dropped, or come as -D where a filter may keep the +U back; such as have no key come as they are.';
const unplannedQueries = [
  'SELECT * FROM kinds(input => (SELECT product, COUNT(*) AS n FROM orders GROUP BY product HAVING COUNT(*) > 1) PARTITION BY product)',
  `SELECT * FROM kinds(input => (SELECT k, total FROM totals(input => ${steps}) WHERE total > 8) PARTITION BY k)`,
  `SELECT * FROM kinds(input => (SELECT * FROM mirrored(input => ${steps})) PARTITION BY k)`,
  `SELECT * FROM kinds(input => (SELECT * FROM vanishing(input => ${steps})) PARTITION BY k)`,
];
const casts =
  'Flink generates code that does not compile where a scalar of another type is given for a DECIMAL (CompileException). We cast it, as both do where it is a BIGINT for an INT.';

export const processDifferences: ReadonlyMap<string, string> = new Map([
  ['SELECT * FROM above(input => TABLE moves, bound => 5)', casts],
  ['SELECT * FROM above(input => TABLE moves, bound => CAST(3 AS BIGINT))', casts],
  ['SELECT * FROM above(input => TABLE moves, bound => CAST(3 AS DOUBLE))', casts],
  [
    'SELECT * FROM above(input => TABLE moves, bound => 3.0, other => 4)',
    'Flink passes over an argument that the function does not have. We refuse it.',
  ],
  [
    'SELECT side, id FROM told(TABLE moves PARTITION BY (k, v), TABLE untimed PARTITION BY (k, v))',
    severalKeys,
  ],
  [
    'SELECT * FROM waits(input => TABLE moves PARTITION BY k ORDER BY ts, wait => 5, on_time => DESCRIPTOR(ts))',
    'Over a table in an order Flink loses a timer without a name that a timer with one has set, where a later timer of that watermark clears the state. Here it fires, as it does in both without the order.',
  ],
  ...unplannedQueries.map((sql) => [sql, unplanned] as const),
  [
    'SELECT * FROM kindsFull(input => (SELECT uid, name, score FROM users) PARTITION BY uid)',
    'upsert-kafka tells Flink that its deletes are whole rows, and gives their keys alone; a function that requires whole ones gets NULL. Here the rows are kept to give them whole.',
  ],
  [
    'SELECT * FROM kindsOfTwo(a => TABLE stock PARTITION BY shop, b => TABLE moves PARTITION BY k)',
    'In Flink a column of PARTITION BY that is NOT NULL stays so where another table has a NULL partition, and the row fails (EnforcerException). Here it may be NULL.',
  ],
  [
    'SELECT * FROM cleared(input => TABLE moves PARTITION BY k, on_time => DESCRIPTOR(ts))',
    'Where onTimer clears all timers, Flink takes timers of other partitions away too, and leaves some of this one. Here they are those of the partition.',
  ],
]);

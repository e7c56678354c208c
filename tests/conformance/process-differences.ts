/* Where process table functions give something else than in Flink, each with its reason. */

const severalKeys =
  'Flink fails where several tables are partitioned by several columns (NegativeArraySizeException). We run it.';
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
    'SELECT * FROM cleared(input => TABLE moves PARTITION BY k, on_time => DESCRIPTOR(ts))',
    'Where onTimer clears all timers, Flink takes timers of other partitions away too, and leaves some of this one. Here they are those of the partition.',
  ],
]);

SELECT AVG(value), timestamp, hour FROM t WHERE timestamp > TIMESTAMP '2024-01-01 00:00:00' GROUP BY hour, at ORDER BY timestamp;

SELECT user, date FROM t;

SELECT timestamp, count FROM t;

SELECT t.timestamp, x AS value, t.order, t.select FROM t;

SELECT rank, language, method, year, day, time, interval, offset, language, date + 1, left, right, set, row, any, symmetric FROM window;

SELECT value value, year year FROM t time;

CREATE TABLE t (
  value INT, timestamp TIMESTAMP(3), user STRING, date DATE, at STRING, offset BIGINT METADATA VIRTUAL, r ROW<value INT, timestamp TIMESTAMP(3)>,
  watermark INT, primary INT, constraint INT, year INT, count BIGINT, interval INTERVAL DAY, array ARRAY<INT>, map MAP<INT, INT>, row ROW<a INT>,
  WATERMARK FOR timestamp AS timestamp - INTERVAL '5' SECOND,
  PRIMARY KEY (user, date) NOT ENFORCED
) WITH ('connector' = 'test');

INSERT INTO result (value, user) SELECT value, user FROM source;

SELECT JSON_OBJECT('a' VALUE value, key VALUE value) FROM t;

SELECT * FROM TABLE(TUMBLE(TABLE value, DESCRIPTOR(timestamp), INTERVAL '1' MINUTE));

SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY user ORDER BY timestamp MEASURES A.value AS value PATTERN (A) DEFINE A AS A.value > 1);

SELECT CURRENT_DATE, user, t.user.date[1].time FROM t;

SELECT SUM(value) OVER (PARTITION BY user ORDER BY timestamp) FROM t;

SELECT a FROM b;;

SELECT UNKNOWN IS UNKNOWN;

SELECT TRIM(leading), TRIM(both || 'x') FROM t;

CREATE TABLE clicks (
  user_id BIGINT NOT NULL COMMENT 'who clicked',
  page STRING,
  price DECIMAL(10, 2),
  tags ARRAY<STRING>,
  attributes MAP<STRING, ROW<n INT, note VARCHAR(20) 'a remark'>>,
  seen MULTISET<BIGINT>,
  place ROW<lat DOUBLE, lon DOUBLE NOT NULL>,
  raw_bytes VARBINARY(16),
  at_time TIMESTAMP(3),
  at_instant TIMESTAMP_LTZ(3),
  at_zoned TIMESTAMP(3) WITH LOCAL TIME ZONE,
  kafka_partition INT METADATA FROM 'partition' VIRTUAL,
  headers MAP<STRING, BYTES> METADATA,
  cost AS price * 2 COMMENT 'twice the price',
  proc AS PROCTIME(),
  WATERMARK FOR at_time AS at_time - INTERVAL '5' SECOND,
  CONSTRAINT pk PRIMARY KEY (user_id, page) NOT ENFORCED
) COMMENT 'clicks of the shop'
PARTITIONED BY (page)
WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092', 'format' = 'json');

CREATE TEMPORARY TABLE IF NOT EXISTS db.sink (id INT PRIMARY KEY NOT ENFORCED, n BIGINT) WITH ('connector' = 'print');

CREATE TABLE copy_of_clicks (extra STRING, WATERMARK FOR at_time AS at_time)
WITH ('connector' = 'filesystem')
LIKE clicks (EXCLUDING ALL INCLUDING GENERATED OVERWRITING WATERMARKS INCLUDING OPTIONS);

CREATE TABLE bare LIKE cat.db.clicks;

CREATE TABLE totals WITH ('connector' = 'print') AS SELECT page, COUNT(*) AS n FROM clicks GROUP BY page;
CREATE TABLE totals (n, page) WITH ('connector' = 'print') AS SELECT page, COUNT(*) AS n FROM clicks GROUP BY page;

CREATE TABLE intervals (a INT, y INTERVAL YEAR TO MONTH, d INTERVAL DAY(3) TO SECOND(6), b BINARY(2), c CHAR(3), t TIME(0))
WITH ('connector' = 'datagen');

CREATE VIEW hits (start_of, page, n) COMMENT 'per minute' AS
SELECT window_start, page, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(at_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, page;

CREATE TEMPORARY VIEW IF NOT EXISTS v AS VALUES (1, 'a'), (2, 'b');

CREATE FUNCTION slug AS 'org.example.Slug' LANGUAGE JAVA;

CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS slug2 AS 'org.example.Slug';

CREATE CATALOG mine WITH ('type' = 'generic_in_memory');

CREATE DATABASE IF NOT EXISTS mine.shop COMMENT 'the shop' WITH ('a' = 'b');

DROP TABLE IF EXISTS clicks;

DROP TEMPORARY VIEW v;

DROP TEMPORARY FUNCTION IF EXISTS slug;

DROP DATABASE IF EXISTS shop CASCADE;

DROP CATALOG mine;

ALTER TABLE clicks SET ('a' = 'b', 'c' = 'd');

ALTER TABLE clicks RESET ('a', 'c');

ALTER TABLE clicks RENAME TO clicks2;

ALTER TABLE clicks RENAME page TO url;

ALTER TABLE clicks ADD (x INT, y STRING);

ALTER VIEW v RENAME TO w;

ALTER VIEW v AS SELECT 1;

SHOW TABLES;

SHOW TABLES FROM shop LIKE 'c%';

SHOW VIEWS;

SHOW DATABASES;

SHOW CATALOGS;

SHOW FUNCTIONS;

SHOW USER FUNCTIONS;

SHOW COLUMNS FROM clicks NOT LIKE 'x%';

SHOW JOBS;

SHOW MODULES;

SHOW FULL MODULES;

SHOW CREATE TABLE clicks;

SHOW CREATE VIEW v;

SHOW CURRENT CATALOG;

SHOW CURRENT DATABASE;

DESCRIBE clicks;

DESCRIBE EXTENDED db.clicks;

USE CATALOG mine;

USE mine.shop;

SET 'table.exec.state.ttl' = '1 d';

SET;

RESET 'table.exec.state.ttl';

RESET;

EXPLAIN SELECT 1;

EXPLAIN PLAN FOR SELECT * FROM clicks;

EXPLAIN CHANGELOG_MODE, PLAN_ADVICE INSERT INTO sink SELECT user_id, 1 FROM clicks;

EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT * FROM t; INSERT INTO b SELECT * FROM t; END;

EXECUTE STATEMENT SET BEGIN
  INSERT INTO a SELECT CASE WHEN x > 1 THEN 'big' ELSE 'small' END FROM t;
  INSERT INTO b (id, n) SELECT id, n FROM t;
END;

INSERT INTO sink /*+ OPTIONS('sink.parallelism' = '2') */ (id, n) SELECT 1, 2;

INSERT OVERWRITE files PARTITION (dt = '2024-01-01', h = 5) SELECT a, b FROM t;

INSERT INTO sink VALUES (1, 2), (3, 4);

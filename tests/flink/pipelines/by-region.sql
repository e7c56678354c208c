-- Two topics joined within an interval (no row is late, for how far each is read differs by chance), a third of customers that change joined to that, and totals that go up and down → a topic
-- by key.
CREATE TABLE orders (
  id BIGINT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '3' MINUTE
) WITH (
  'connector' = 'kafka', 'topic' = '${env:PIPELINE_ORDERS}', 'properties.bootstrap.servers' = '${env:PIPELINE_KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

CREATE TABLE payments (
  order_id BIGINT, method STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '3' MINUTE
) WITH (
  'connector' = 'kafka', 'topic' = '${env:PIPELINE_PAYMENTS}', 'properties.bootstrap.servers' = '${env:PIPELINE_KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

CREATE TABLE customers (
  customer STRING, region STRING,
  PRIMARY KEY (customer) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka', 'topic' = '${env:PIPELINE_CUSTOMERS}', 'properties.bootstrap.servers' = '${env:PIPELINE_KAFKA}',
  'scan.bounded.mode' = 'latest-offset', 'key.format' = 'json', 'value.format' = 'json'
);

CREATE TABLE by_region (
  region STRING,
  method STRING,
  orders BIGINT NOT NULL,
  total DECIMAL(38, 2),
  customers BIGINT NOT NULL,
  last_at TIMESTAMP(3),
  PRIMARY KEY (region, method) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka', 'topic' = '${env:PIPELINE_RESULT}', 'properties.bootstrap.servers' = '${env:PIPELINE_KAFKA}',
  'key.format' = 'json', 'value.format' = 'json'
);

CREATE VIEW paid AS
SELECT o.id, o.customer, o.amount, p.method, p.ts AS paid_at
FROM orders AS o LEFT JOIN payments AS p
  ON o.id = p.order_id AND p.ts BETWEEN o.ts - INTERVAL '10' SECOND AND o.ts + INTERVAL '5' MINUTE;

INSERT INTO by_region
SELECT
  COALESCE(c.region, 'unknown'), COALESCE(paid.method, 'unpaid'), COUNT(*), SUM(paid.amount),
  COUNT(DISTINCT paid.customer), MAX(paid.paid_at)
FROM paid LEFT JOIN customers AS c ON paid.customer = c.customer
GROUP BY COALESCE(c.region, 'unknown'), COALESCE(paid.method, 'unpaid')
HAVING COUNT(*) > 1;

-- Kafka → filter → TUMBLE → PostgreSQL, by key. Watermarks follow each row, so that the same rows are late wherever this runs.
CREATE TABLE orders (
  id BIGINT,
  customer STRING,
  product INT,
  amount DECIMAL(10, 2),
  status STRING,
  place ROW<city STRING, codes ARRAY<INT>>,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = '${env:PIPELINE_ORDERS}', 'properties.bootstrap.servers' = '${env:PIPELINE_KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'scan.watermark.emit.strategy' = 'on-event', 'format' = 'json'
);

CREATE TABLE paid_per_minute (
  window_start TIMESTAMP(3),
  customer STRING,
  orders BIGINT NOT NULL,
  cities BIGINT NOT NULL,
  total DECIMAL(38, 2),
  largest DECIMAL(10, 2),
  mean DECIMAL(38, 6),
  as_double DOUBLE,
  first_code INT,
  PRIMARY KEY (window_start, customer) NOT ENFORCED
) WITH (
  'connector' = 'jdbc', 'url' = '${env:PIPELINE_POSTGRES}', 'table-name' = '${env:PIPELINE_RESULT}',
  'username' = '${env:PIPELINE_USER}', 'password' = '${env:PIPELINE_PASSWORD}'
);

INSERT INTO paid_per_minute
SELECT
  window_start, COALESCE(customer, 'nobody'), COUNT(*), COUNT(DISTINCT place.city), SUM(amount), MAX(amount),
  AVG(amount), MAX(CAST(amount AS DOUBLE)), MIN(place.codes[1])
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE status = 'paid' AND (amount > 1 OR amount IS NULL)
GROUP BY window_start, window_end, COALESCE(customer, 'nobody')
ON CONFLICT DO DEDUPLICATE;

-- Revenue a minute, from orders in Kafka to a topic of results. Where Kafka is stands in the environment: KAFKA.
CREATE TABLE orders (
  id BIGINT, page STRING, price DOUBLE, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '${env:KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json'
);
CREATE TABLE revenue (window_start TIMESTAMP(3), page STRING, orders BIGINT, total DOUBLE) WITH (
  'connector' = 'kafka', 'topic' = 'revenue', 'properties.bootstrap.servers' = '${env:KAFKA}', 'format' = 'json'
);
INSERT INTO revenue
SELECT window_start, page, COUNT(*), SUM(price)
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE price > 0
GROUP BY window_start, window_end, page;

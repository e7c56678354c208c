-- A web shop: clicks and orders arrive on a Kafka topic as JSON, some out of order, some late, some broken.
-- Without 'scan.bounded.mode' the job goes on for ever, with the orders that are yet to come.
CREATE TABLE events (
  type STRING, id STRING, `user` STRING, page STRING, product INT, quantity INT, amount DECIMAL(10, 2), at TIMESTAMP(3),
  WATERMARK FOR at AS at - INTERVAL '30' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = 'shop-events', 'properties.bootstrap.servers' = '${env:SHOP_KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'format' = 'json', 'json.ignore-parse-errors' = 'true'
);

CREATE TABLE orders (id STRING, `user` STRING, product INT, quantity INT, amount DECIMAL(10, 2), at TIMESTAMP(3))
  WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql:embedded', 'table-name' = 'orders');

CREATE TABLE revenue (window_start TIMESTAMP(3), `user` STRING, orders BIGINT, amount DECIMAL(38, 2), PRIMARY KEY (window_start, `user`) NOT ENFORCED)
  WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql:embedded', 'table-name' = 'revenue_per_user');

EXECUTE STATEMENT SET BEGIN
  INSERT INTO orders SELECT id, `user`, product, quantity, amount, at FROM events WHERE type = 'order' AND quantity > 0;
  INSERT INTO revenue
    SELECT window_start, `user`, COUNT(*), SUM(amount)
    FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(at), INTERVAL '5' MINUTE))
    WHERE type = 'order' AND quantity > 0
    GROUP BY window_start, window_end, `user`;
END;

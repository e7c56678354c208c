-- Payments that need a second look. Where Kafka is stands in the environment: KAFKA.
CREATE TABLE payments (id BIGINT, amount INT) WITH (
  'connector' = 'kafka', 'topic' = 'payments', 'properties.bootstrap.servers' = '${env:KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json'
);
CREATE TABLE suspicious (id BIGINT, amount INT) WITH (
  'connector' = 'kafka', 'topic' = 'suspicious', 'properties.bootstrap.servers' = '${env:KAFKA}', 'format' = 'json'
);
INSERT INTO suspicious SELECT id, amount FROM payments WHERE amount > 900;

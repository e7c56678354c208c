-- What happens in the shop: a million events, the same ones for one seed, onto the Kafka topic that shop.sql reads.
CREATE TABLE shop (line STRING) WITH (
  'connector' = 'demo-events', 'number-of-rows' = '1000000', 'rows-per-second' = '200', 'paced' = 'false', 'seed' = '1'
);
CREATE TABLE topic (line STRING) WITH (
  'connector' = 'kafka', 'topic' = 'shop-events', 'properties.bootstrap.servers' = '${env:SHOP_KAFKA}', 'format' = 'raw'
);
INSERT INTO topic SELECT line FROM shop;

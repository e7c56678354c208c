-- Kafka, enriched by a look into PostgreSQL, the three largest orders of each category → PostgreSQL.
CREATE TABLE orders (
  id BIGINT, customer STRING, product INT, amount DECIMAL(10, 2), seen_at AS PROCTIME()
) WITH (
  'connector' = 'kafka', 'topic' = '${env:PIPELINE_ORDERS}', 'properties.bootstrap.servers' = '${env:PIPELINE_KAFKA}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

CREATE TABLE products (id INT, name STRING, category STRING, price DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'jdbc', 'url' = '${env:PIPELINE_POSTGRES}', 'table-name' = 'products',
  'username' = '${env:PIPELINE_USER}', 'password' = '${env:PIPELINE_PASSWORD}',
  'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '100'
);

CREATE TABLE top_orders (
  category STRING, place BIGINT, id BIGINT, product STRING, amount DECIMAL(10, 2), below_price BOOLEAN,
  PRIMARY KEY (category, place) NOT ENFORCED
) WITH (
  'connector' = 'jdbc', 'url' = '${env:PIPELINE_POSTGRES}', 'table-name' = '${env:PIPELINE_RESULT}',
  'username' = '${env:PIPELINE_USER}', 'password' = '${env:PIPELINE_PASSWORD}'
);

INSERT INTO top_orders
SELECT category, place, id, name, amount, amount < price
FROM (
  SELECT
    COALESCE(p.category, 'none') AS category, o.id, p.name, o.amount, p.price,
    ROW_NUMBER() OVER (PARTITION BY COALESCE(p.category, 'none') ORDER BY o.amount DESC, o.id) AS place
  FROM orders AS o LEFT JOIN products FOR SYSTEM_TIME AS OF o.seen_at AS p ON o.product = p.id
  WHERE o.amount IS NOT NULL
)
WHERE place <= 3;

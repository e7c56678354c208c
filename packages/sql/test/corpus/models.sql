CREATE MODEL sentiment
INPUT (`input` STRING COMMENT 'what was said')
OUTPUT (label STRING, score DOUBLE NOT NULL)
COMMENT 'it''s a model'
WITH ('provider' = 'openai', 'api-key' = '${env:OPENAI_API_KEY}', 'system-prompt' = 'Say ''yes'' or ''no''.');

CREATE TEMPORARY MODEL IF NOT EXISTS a.b.c INPUT (x ARRAY<FLOAT>) OUTPUT (y ROW<z INT>) WITH ('provider' = 'x');

CREATE MODEL bare WITH ('provider' = 'x');

CREATE MODEL unprovided WITH ();

ALTER MODEL sentiment SET ('model' = 'gpt', 'seed' = '7');

ALTER MODEL IF EXISTS sentiment RESET ('seed');

ALTER MODEL mine.sentiment RENAME TO feeling;

DROP MODEL sentiment;

DROP TEMPORARY MODEL IF EXISTS sentiment;

SHOW MODELS;

SHOW MODELS FROM mine.shop NOT LIKE 'a%';

DESCRIBE MODEL sentiment;

DESC MODEL EXTENDED mine.sentiment;

SHOW CREATE MODEL sentiment;

SELECT id, label FROM ML_PREDICT(TABLE reviews, MODEL sentiment, DESCRIPTOR(text));

SELECT * FROM ML_PREDICT(
  INPUT => (SELECT id, `text` FROM reviews),
  MODEL => MODEL mine.shop.sentiment,
  ARGS => DESCRIPTOR(`text`),
  CONFIG => MAP['async', 'true', 'timeout', '30 s']
) AS p (a, b, c, d);

SELECT * FROM r, LATERAL TABLE(ML_PREDICT(TABLE reviews, MODEL sentiment, DESCRIPTOR(text)));

SELECT model, MODEL FROM model AS model;

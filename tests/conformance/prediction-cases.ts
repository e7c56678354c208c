/* ML_PREDICT over models behind OpenAI's protocol, which both engines ask the same small server for, and over models that are a
 * function: in TypeScript here, in Java there. Each argument in each way of giving it, what comes out, and what is refused. */

/** A model, and what WITH says of it beside the provider. */
export interface PredictionModel {
  readonly name: string;
  readonly columns: string;
  /** The name of a function, or what is asked of the server by which options. */
  readonly of:
    | string
    | {
        readonly task: 'chat/completions' | 'embeddings' | 'other';
        readonly options?: Readonly<Record<string, string>>;
      };
}

const text = 'INPUT (q STRING) OUTPUT (answer STRING)';
const chat = (
  name: string,
  options: Readonly<Record<string, string>> = {},
  columns = text,
): PredictionModel => ({
  name,
  columns,
  of: { task: 'chat/completions', options },
});

export const predictionModels: readonly PredictionModel[] = [
  chat('chat'),
  chat('shaped', {
    'system-prompt': 'polite',
    temperature: '0.5',
    'top-p': '0.25',
    stop: 'us,zz,,',
    'max-tokens': '32',
    'presence-penalty': '-0.5',
    n: '2',
    seed: '7',
    'response-format': 'json_object',
  }),
  chat('camel', { systemPrompt: 'polite', topP: '0.25', maxTokens: '8' }),
  chat('same', {}, 'INPUT (item STRING) OUTPUT (item STRING)'),
  chat('refused', { model: 'refused' }),
  chat('refused_failover', { model: 'refused', 'error-handling-strategy': 'failover' }),
  chat('refused_ignored', { model: 'refused', 'error-handling-strategy': 'ignore' }),
  chat('refused_retried', { model: 'refused', 'retry-num': '2', 'retry-fallback-strategy': 'ignore' }),
  chat('busy', { model: 'busy', 'retry-num': '3' }),
  chat('busy_ignored', { model: 'down', 'retry-num': '1', 'retry-fallback-strategy': 'IGNORE' }),
  chat('down', { model: 'down', 'error-handling-strategy': 'failover' }),
  chat('wrong_key', { 'api-key': 'wrong' }),
  chat('no_choice', { model: 'none' }),
  chat('no_content', { model: 'null' }),
  chat('odd', { model: 'odd', 'error-handling-strategy': 'failover' }),
  chat('unknown_option', { nowhere: 'x' }),
  chat('bad_option', { temperature: 'hot' }),
  chat('bad_strategy', { 'error-handling-strategy': 'panic' }),
  chat('bad_output', {}, 'INPUT (q STRING) OUTPUT (answer INT)'),
  chat('bad_input', {}, 'INPUT (q INT) OUTPUT (answer STRING)'),
  chat('two_outputs', {}, 'INPUT (q STRING) OUTPUT (answer STRING, more STRING)'),
  chat('strict', {}, 'INPUT (q STRING NOT NULL) OUTPUT (answer STRING)'),
  { name: 'elsewhere', columns: text, of: { task: 'other' } },
  {
    name: 'embedded',
    columns: 'INPUT (q STRING) OUTPUT (vec ARRAY<FLOAT>)',
    of: { task: 'embeddings', options: { dimension: '3' } },
  },
  {
    name: 'embedded_plain',
    columns: 'INPUT (q STRING) OUTPUT (vec ARRAY<FLOAT>)',
    of: { task: 'embeddings' },
  },
  { name: 'embedded_text', columns: text, of: { task: 'embeddings' } },
  { name: 'measure', columns: 'INPUT (a INT, s STRING) OUTPUT (n BIGINT, shout STRING)', of: 'measure' },
  { name: 'wide', columns: 'INPUT (a BIGINT, s STRING) OUTPUT (n BIGINT, shout STRING)', of: 'wide' },
  { name: 'repeated', columns: 'INPUT (n INT) OUTPUT (i INT, label STRING)', of: 'repeated' },
  {
    name: 'kinds',
    columns:
      'INPUT (d DECIMAL(10, 2), t TIMESTAMP(3), b BOOLEAN, xs ARRAY<INT>) OUTPUT (d DECIMAL(10, 2), t TIMESTAMP(3), b BOOLEAN NOT NULL, xs ARRAY<INT>)',
    of: 'kinds',
  },
];
/** Beside those: models whose provider is not there. */
export const otherModels: readonly string[] = [
  `CREATE MODEL nobody ${text} WITH ('provider' = 'nobody')`,
  `CREATE MODEL unsaid ${text} WITH ('task' = 'chat')`,
  "CREATE MODEL bare WITH ('provider' = 'openai')",
  `CREATE MODEL incomplete ${text} WITH ('provider' = 'openai')`,
];

const ask = (model: string, columns = 'item', table = 'TABLE bids'): string =>
  `SELECT * FROM ML_PREDICT(${table}, MODEL ${model}, DESCRIPTOR(${columns}))`;
const configured = (map: string, model = 'measure', columns = 'price, item'): string =>
  `SELECT item, price FROM ML_PREDICT(TABLE bids, MODEL ${model}, DESCRIPTOR(${columns}), ${map})`;

export const predictionQueries: readonly string[] = [
  // Arguments, by place and by name.
  ask('chat'),
  ask('chat', 'supplier'),
  'SELECT * FROM ML_PREDICT(INPUT => TABLE bids, MODEL => MODEL chat, ARGS => DESCRIPTOR(item))',
  'SELECT * FROM ML_PREDICT(ARGS => DESCRIPTOR(item), MODEL => MODEL chat, INPUT => TABLE bids)',
  "SELECT * FROM ML_PREDICT(CONFIG => MAP['async', 'true'], MODEL => MODEL chat, ARGS => DESCRIPTOR(item), INPUT => TABLE bids)",
  'SELECT * FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item), DEFAULT)',
  'SELECT * FROM ML_PREDICT(TABLE bids, MODEL default_database.chat, DESCRIPTOR(item))',
  'SELECT * FROM ML_PREDICT(TABLE bids, MODEL `default_catalog`.`default_database`.`chat`, DESCRIPTOR(`item`))',
  'SELECT * FROM TABLE(ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item)))',
  'SELECT * FROM LATERAL TABLE(ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item)))',
  'SELECT * FROM ML_PREDICT((SELECT item, UPPER(supplier) AS u FROM bids WHERE price > 1), MODEL chat, DESCRIPTOR(u))',
  'SELECT p.a, p.f FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item)) AS p (a, b, c, d, e, f)',
  'SELECT answer, COUNT(*) AS n FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item)) GROUP BY answer',
  'SELECT item FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(supplier))',
  "SELECT item, answer FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(supplier)) WHERE price > 2 AND answer <> 'x'",
  // What comes out.
  ask('shaped', 'supplier'),
  ask('camel', 'supplier'),
  ask('same'),
  ask('same', 'item0', '(SELECT item AS item0, price AS item1 FROM bids)'),
  ask('same', 'item', '(SELECT item, price AS item0 FROM bids)'),
  ask('no_choice'),
  ask('no_content'),
  ask('embedded'),
  ask('embedded_plain', 'supplier'),
  ask('measure', 'price, item'),
  ask('wide', 'b, s', '(SELECT id, b, s, xs FROM t)'),
  ask('wide', 'price, item'),
  ask('measure', 'price, short', '(SELECT price, CAST(item AS VARCHAR(3)) AS short FROM bids)'),
  ask('measure', 'id, k', '(SELECT id, k, n FROM t)'),
  ask('repeated', 'price'),
  'SELECT item FROM ML_PREDICT(TABLE bids, MODEL repeated, DESCRIPTOR(price))',
  'SELECT label FROM ML_PREDICT(TABLE bids, MODEL repeated, DESCRIPTOR(price))',
  ask(
    'kinds',
    'money, moment, flag, xs',
    '(SELECT id, CAST(d AS DECIMAL(10, 2)) AS money, CAST(ts AS TIMESTAMP(3)) AS moment, flag, xs FROM t)',
  ),
  // What stands around it.
  "SELECT window_start, COUNT(answer) AS n FROM TABLE(TUMBLE((SELECT * FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item))), DESCRIPTOR(bidtime), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end",
  'SELECT a.item, a.answer, b.n FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item)) AS a JOIN ML_PREDICT(TABLE bids, MODEL measure, DESCRIPTOR(price, item)) AS b ON a.item = b.item AND a.price = b.price',
  'SELECT item, answer, shout FROM ML_PREDICT((SELECT * FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item))), MODEL measure, DESCRIPTOR(price, answer))',
  'SELECT t.id, p.answer FROM t, LATERAL TABLE(ML_PREDICT((SELECT item FROM bids WHERE price > 6), MODEL chat, DESCRIPTOR(item))) AS p',
  'SELECT item, answer FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item)) UNION ALL SELECT k, shout FROM ML_PREDICT(TABLE t, MODEL measure, DESCRIPTOR(id, k))',
  'WITH p AS (SELECT * FROM ML_PREDICT(TABLE bids, MODEL measure, DESCRIPTOR(price, item))) SELECT item, MAX(n) AS n FROM p GROUP BY item',
  'SELECT id, k FROM t WHERE k IN (SELECT answer FROM ML_PREDICT((SELECT k FROM t), MODEL chat, DESCRIPTOR(k)))',
  // Settings.
  configured("MAP['async', 'true']"),
  configured("MAP['async', 'false']"),
  configured("MAP['async', 'FALSE']"),
  configured(
    "MAP['async', 'true', 'max-concurrent-operations', '1', 'output-mode', 'ordered', 'timeout', '30 s']",
  ),
  configured("MAP['max-concurrent-operations', '5', 'output-mode', 'ALLOW_UNORDERED']"),
  configured("MAP['async', 'false']", 'chat', 'item'),
  configured("MAP['async', 'perhaps']"),
  configured("MAP['max-concurrent-operations', '0']"),
  configured("MAP['max-concurrent-operations', 'many']"),
  configured("MAP['output-mode', 'sorted']"),
  configured("MAP['timeout', 'long']"),
  configured("MAP['nowhere', 'x']"),
  configured("MAP['async', item]"),
  configured("'async'"),
  // Errors of the service.
  ask('refused'),
  ask('refused_failover'),
  ask('refused_ignored'),
  ask('refused_retried'),
  ask('busy', 'item', "(SELECT item FROM bids WHERE item IN ('C', 'D'))"),
  ask('busy_ignored', 'item', "(SELECT item FROM bids WHERE item = 'C')"),
  ask('down'),
  ask('wrong_key'),
  ask('odd'),
  // What is refused.
  ask('nowhere'),
  ask('nobody'),
  ask('unsaid'),
  ask('bare'),
  ask('incomplete'),
  ask('elsewhere'),
  ask('unknown_option'),
  ask('bad_option'),
  ask('bad_strategy'),
  ask('bad_output'),
  ask('bad_input', 'price'),
  ask('two_outputs'),
  ask('strict'),
  ask('embedded_text'),
  ask('chat', 'nowhere'),
  ask('chat', 'ITEM'),
  ask('chat', 'price'),
  ask('chat', 'item, price'),
  ask('measure', 'item, item'),
  ask('measure', 'amount, item'),
  ask('measure', 'item'),
  ask('chat', 'item', 'TABLE nowhere'),
  ask('chat', 'k', '(SELECT k, COUNT(*) AS n FROM t GROUP BY k)'),
  ask('chat', 'product', 'TABLE orders'),
  ask('chat', 'item', 'TABLE bids PARTITION BY item'),
  'SELECT * FROM ML_PREDICT(TABLE bids, MODEL chat)',
  'SELECT * FROM ML_PREDICT(TABLE bids)',
  'SELECT * FROM ML_PREDICT()',
  'SELECT * FROM ML_PREDICT(TABLE bids, chat, DESCRIPTOR(item))',
  "SELECT * FROM ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item), MAP['async', 'true'], 1)",
  'SELECT * FROM ML_PREDICT(MODEL chat, TABLE bids, DESCRIPTOR(item))',
  'SELECT * FROM ML_PREDICT(INPUT => TABLE bids, MODEL => MODEL chat, FEATURES => DESCRIPTOR(item))',
  'SELECT ML_PREDICT(TABLE bids, MODEL chat, DESCRIPTOR(item))',
  "SELECT * FROM ML_EVALUATE(TABLE bids, MODEL chat, DESCRIPTOR(item), DESCRIPTOR(item), 'classification')",
  'SELECT * FROM ML_TRAIN(TABLE bids, MODEL chat)',
];

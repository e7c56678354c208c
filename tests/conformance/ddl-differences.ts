/* Statements of the scripts of definitions that we answer otherwise than Flink, each with why. */

const database = 'Flink 2.3 takes DESCRIBE DATABASE for DESCRIBE of a table.';
const java = 'Java, Scala and Python run on a cluster alone.';
const query = "A view's query is shown as it was written, not with all names in full.";
const without = 'A table without a connector is an error when it is made, not when it is used.';
const modules = "There is one module, 'core': it is always in use.";

const renamed =
  'A model that is renamed into another database is refused; Flink reads over the database, as it does of tables.';
const keyless = 'A primary key of a model is refused; Flink reads over it.';

export const ddlDifferences: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'databases',
    new Map([
      ['DESCRIBE DATABASE d2', database],
      ['DESCRIBE DATABASE EXTENDED d2', database],
      ['DESC DATABASE EXTENDED d1', database],
    ]),
  ],
  [
    'catalogs',
    new Map([
      ['SHOW CURRENT DATABASE', 'A catalog is opened when it is made, in Flink when it is first used.'],
      ['SHOW DATABASES', 'A catalog is opened when it is made, in Flink when it is first used.'],
    ]),
  ],
  [
    'describe and show',
    new Map([
      ['SHOW CREATE VIEW v', query],
      ['DESCRIBE v', 'The columns of a view are those of its query now, which reads a table that is gone.'],
    ]),
  ],
  [
    'views',
    new Map([
      ['CREATE OR REPLACE VIEW v AS SELECT 1 AS x1', 'OR REPLACE replaces the view; Flink reads over it.'],
      ['SHOW CREATE VIEW w', query],
    ]),
  ],
  [
    'create table as',
    new Map([
      ['CREATE TABLE plain (a INT)', without],
      ['SHOW CREATE TABLE plain', without],
    ]),
  ],
  [
    'functions',
    new Map([
      ["CREATE FUNCTION f AS 'no.such.Klass'", java],
      ['SHOW USER FUNCTIONS', java],
      ["CREATE FUNCTION IF NOT EXISTS f AS 'no.such.Klass' LANGUAGE SCALA", java],
      ["ALTER FUNCTION f AS 'no.such.Other'", java],
      ['DROP FUNCTION f', java],
      ['USE MODULES core', modules],
      ['UNLOAD MODULE core', modules],
    ]),
  ],
  [
    'models',
    new Map([
      ['ALTER MODEL p RENAME TO elsewhere.q', renamed],
      ['SHOW MODELS', renamed],
    ]),
  ],
  [
    'definitions of models',
    new Map([
      [
        "CREATE MODEL q8 INPUT (a STRING, PRIMARY KEY (a) NOT ENFORCED) OUTPUT (c STRING) WITH ('provider' = 'x')",
        keyless,
      ],
      ['SHOW MODELS', keyless],
    ]),
  ],
  [
    'temporary models and databases',
    new Map([
      ['SHOW MODELS', 'SHOW MODELS lists temporary models too; in Flink it leaves them out.'],
      [
        'SHOW MODELS FROM d2',
        'DROP DATABASE drops the models in it; in Flink they are there again in the next database of that name.',
      ],
    ]),
  ],
]);

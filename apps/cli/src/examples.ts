/* The examples at the end of each command's --help. The tests run every one of them. */

export const examples: Readonly<Record<string, readonly string[]>> = {
  run: ['millrace run pipeline.sql', "millrace run pipeline.sql --json --set 'parallelism.default=2'"],
  sql: [
    'millrace sql -e "SELECT 40 + 2 AS answer"',
    `millrace sql --format csv -e "SELECT * FROM 'data/*.csv'"`,
    'millrace sql -f tables.sql -e "SELECT * FROM numbers" --json',
  ],
  explain: [
    'millrace explain pipeline.sql',
    'millrace explain -e "SELECT 1 AS one" --json',
    'millrace explain -e "SELECT 1 AS one" --target flink',
  ],
  check: ['millrace check pipeline.sql', 'millrace check --json pipeline.sql tables.sql'],
  test: ['millrace test tests', 'millrace test tests/hits.slt --mode plain'],
  jobs: ['millrace jobs list', 'millrace jobs list --json'],
  state: ['millrace state sp/savepoint-1', 'millrace state sp/savepoint-1 --json'],
  services: ['millrace services up kafka --config num.partitions=3', 'millrace services list --json'],
  topic: [
    'millrace topic create orders --partitions 3',
    "echo 'k1:hello' | millrace topic produce orders --key-separator :",
    'millrace topic tail orders --max-messages 1',
  ],
  dlq: [
    'millrace dlq list',
    'millrace dlq show orders --stage decode --limit 5',
    'millrace dlq show .millrace/dlq/orders --json',
  ],
  schema: [
    'millrace schema check user.avsc --against user-v1.avsc --level full',
    "millrace schema evolve user.avsc --add 'phone:string'",
    'millrace schema register users-value user.avsc',
    'millrace schema diff user-v1.avsc users-value --json',
  ],
  validate: [
    'millrace validate --input data/a.csv --checks completeness,uniqueness',
    'millrace validate suggest --input data/a.csv --output suites/a.json',
    'millrace validate --input data/a.csv --suite suites/a.json --html report.html',
  ],
  contract: [
    'millrace contract generate --input data/a.csv --output contracts/a.yaml',
    'millrace contract check contracts/a.yaml --input data/a.csv',
    'millrace contract generate contracts/a.yaml --to typescript',
  ],
  completion: ['millrace completion bash > millrace.bash', 'millrace completion zsh > _millrace'],
};

export function examplesText(command: string): string {
  return ['', 'Examples:', ...(examples[command] ?? []).map((line) => `  ${line}`), ''].join('\n');
}

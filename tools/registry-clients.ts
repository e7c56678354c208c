/* Other people's code for tests of schemas and of the registry: Apache Avro for Java, and clients of Confluent's registry
 * for Node and Python. Each is brought once, by its own package manager, into .cache/clients. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Missing } from './clients.ts';
import { flinkVersion } from './flink.ts';

const run = promisify(execFile);
const home = fileURLToPath(new URL('../.cache/clients', import.meta.url));
const installMsMax = 600_000;
const inCi = process.env['CI'] === 'true';

/** In CI what is missing is a failure: a green build has asked the others. */
function missing(why: string): Missing {
  if (inCi) throw new Error(why);
  return { missing: why };
}
async function attempt<T>(work: () => Promise<T>): Promise<T | Missing> {
  try {
    return await work();
  } catch (error) {
    return missing(error instanceof Error ? error.message.split('\n', 1)[0]! : String(error));
  }
}

/** The class path with Avro and the classes of a folder. Needs a JDK and Maven. */
export const avroJava = (folder: string): Promise<{ readonly classPath: string } | Missing> =>
  attempt(async () => {
    const pom = fileURLToPath(new URL('./avro/pom.xml', import.meta.url));
    const lib = join(home, 'avro', 'lib');
    const mark = join(home, 'avro', 'installed');
    if (!existsSync(mark) || readFileSync(mark, 'utf8') !== readFileSync(pom, 'utf8')) {
      mkdirSync(lib, { recursive: true });
      await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`], {
        timeout: installMsMax,
      });
      writeFileSync(mark, readFileSync(pom));
    }
    const sources = readdirSync(folder)
      .filter((file) => file.endsWith('.java'))
      .map((file) => join(folder, file));
    const hash = createHash('sha256');
    for (const source of sources) hash.update(readFileSync(source));
    const classes = join(home, 'avro', `classes-${hash.digest('hex').slice(0, 16)}`);
    if (!existsSync(classes)) await run('javac', ['-nowarn', '-cp', `${lib}/*`, '-d', classes, ...sources]);
    return { classPath: `${lib}/*:${classes}` };
  });

/** A jar to be added to a session of Flink, `group:name:version`. Needs Maven. */
async function flinkJar(artifact: string): Promise<string> {
  const folder = join(home, 'flink-formats');
  const [, name, version] = artifact.split(':');
  const jar = join(folder, `${name}-${version}.jar`);
  if (!existsSync(jar)) {
    mkdirSync(folder, { recursive: true });
    const args = ['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
    await run('mvn', ['-q', '-B', ...args], { timeout: installMsMax });
  }
  return jar;
}
/** The jar of one of Flink's formats. */
const flinkFormat = (name: string): Promise<{ readonly jar: string } | Missing> =>
  attempt(async () => ({ jar: await flinkJar(`org.apache.flink:${name}:${flinkVersion}`) }));
export const flinkAvro = (): Promise<{ readonly jar: string } | Missing> => flinkFormat('flink-sql-avro');
export const flinkAvroConfluent = (): Promise<{ readonly jar: string } | Missing> =>
  flinkFormat('flink-sql-avro-confluent-registry');

/** That of Flink 2.3's protobuf format, of which the compiler must be too. */
const protobufJava = '4.32.1';

/** Flink's protobuf format without what its bundle hides, and the classes of a .proto file of this folder. Needs a JDK and
 *  Maven. */
export const flinkProtobuf = (proto: string): Promise<{ readonly jars: readonly string[] } | Missing> =>
  attempt(async () => {
    const jars = [
      await flinkJar(`com.google.protobuf:protobuf-java:${protobufJava}`),
      await flinkJar(`org.apache.flink:flink-protobuf:${flinkVersion}`),
    ];
    const folder = join(home, 'flink-formats');
    const platform = process.arch === 'arm64' ? 'linux-aarch_64' : 'linux-x86_64';
    const protoc = join(folder, `protoc-${protobufJava}-${platform}.exe`);
    if (!existsSync(protoc)) {
      const artifact = `com.google.protobuf:protoc:${protobufJava}:exe:${platform}`;
      const args = ['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
      await run('mvn', ['-q', '-B', ...args], { timeout: installMsMax });
      chmodSync(protoc, 0o755);
    }
    const hash = createHash('sha256').update(readFileSync(proto)).digest('hex').slice(0, 16);
    const classes = join(folder, `proto-${hash}`);
    const jar = `${classes}.jar`;
    if (!existsSync(jar)) {
      mkdirSync(classes, { recursive: true });
      await run(protoc, [`--java_out=${classes}`, `--proto_path=${dirname(proto)}`, proto]);
      const sources = readdirSync(classes, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.java'))
        .map((file) => join(classes, file));
      await run('javac', ['-nowarn', '-cp', jars.join(':'), '-d', classes, ...sources]);
      await run('jar', ['cf', jar, '-C', classes, '.']);
    }
    return { jars: [...jars, jar] };
  });

const hadoopVersion = '3.4.1';

/** Flink's Parquet, and Hadoop, without which it does not run. */
export const flinkParquet = (): Promise<{ readonly jars: readonly string[] } | Missing> =>
  attempt(async () => {
    const jars: string[] = [];
    for (const artifact of [
      `org.apache.flink:flink-sql-parquet:${flinkVersion}`,
      `org.apache.hadoop:hadoop-client-api:${hadoopVersion}`,
      `org.apache.hadoop:hadoop-client-runtime:${hadoopVersion}`,
    ])
      jars.push(await flinkJar(artifact));
    return { jars };
  });

const nodePackages = ['@confluentinc/schemaregistry@1.10.1', '@kafkajs/confluent-schema-registry@3.9.0'];

/** A folder whose programs may require the clients for Node; those of `programs` are copied into it. */
export const registryNode = (programs: string): Promise<{ readonly folder: string } | Missing> =>
  attempt(async () => {
    const folder = join(home, 'registry-node');
    const mark = join(folder, 'installed');
    if (!existsSync(mark) || readFileSync(mark, 'utf8') !== nodePackages.join()) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{ "name": "registry-clients", "private": true }');
      const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
      await run('npm', ['install', ...flags, ...nodePackages], { cwd: folder, timeout: installMsMax });
      writeFileSync(mark, nodePackages.join());
    }
    for (const file of readdirSync(programs))
      if (file.endsWith('.cjs')) copyFileSync(join(programs, file), join(folder, file));
    return { folder };
  });

const protocPackage = 'grpcio-tools==1.85.1';

/** The environment in which Python finds protoc, as grpc_tools. */
export const protocPython = (): Promise<{ readonly env: Record<string, string> } | Missing> =>
  pythonWith('protoc-python', protocPackage);

const formatPackages = 'fastavro==1.12.1 cramjam==2.11.0 zstandard==0.25.0 grpcio-tools==1.85.1';

/** The environment in which Python finds fastavro, and protobuf with its compiler. */
export const formatsPython = (): Promise<{ readonly env: Record<string, string> } | Missing> =>
  pythonWith('formats-python', formatPackages);

/** The environment in which Python finds pyarrow. */
export const parquetPython = (): Promise<{ readonly env: Record<string, string> } | Missing> =>
  pythonWith('parquet-python', 'pyarrow==25.0.0');

const pythonPackage = 'confluent-kafka[avro,json,protobuf,schemaregistry]==2.16.1';

/** The environment in which Python finds confluent-kafka with its serializers. */
export const registryPython = (): Promise<{ readonly env: Record<string, string> } | Missing> =>
  pythonWith('registry-python', pythonPackage);

/** `what`: packages, with a space between them. */
const pythonWith = (
  name: string,
  what: string,
): Promise<{ readonly env: Record<string, string> } | Missing> =>
  attempt(async () => {
    const folder = join(home, name);
    const mark = join(folder, 'installed');
    if (!existsSync(mark) || readFileSync(mark, 'utf8') !== what) {
      mkdirSync(folder, { recursive: true });
      const args = [
        '-m',
        'pip',
        'install',
        '-q',
        '--no-compile',
        '--upgrade',
        '--target',
        folder,
        ...what.split(' '),
      ];
      await run('python3', args, { timeout: installMsMax });
      writeFileSync(mark, what);
    }
    return { env: { PYTHONPATH: folder } };
  });

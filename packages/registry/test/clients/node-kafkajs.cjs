// @kafkajs/confluent-schema-registry against a registry. Arguments: its URL, a user, a password. One JSON object a step.
const { SchemaRegistry, SchemaType, COMPATIBILITY } = require('@kafkajs/confluent-schema-registry');

const [host, username, password] = process.argv.slice(2);
const step = (name, value) => console.log(JSON.stringify({ step: name, value }));

async function main() {
  const registry = new SchemaRegistry({ host, auth: { username, password } });
  const avro = {
    type: SchemaType.AVRO,
    schema: JSON.stringify({ type: 'record', name: 'Tick', namespace: 'k', fields: [{ name: 'n', type: 'int' }] }),
  };
  const { id } = await registry.register(avro, { subject: 'kafkajs-avro' });
  const bytes = await registry.encode(id, { n: 5 });
  step('avro', { n: (await registry.decode(bytes)).n, id: bytes.readInt32BE(1) === id });
  const wider = { type: SchemaType.AVRO, schema: JSON.stringify({ type: 'record', name: 'Tick', namespace: 'k', fields: [{ name: 'n', type: 'int' }, { name: 's', type: 'string', default: '-' }] }) };
  const second = await registry.register(wider, { subject: 'kafkajs-avro', compatibility: COMPATIBILITY.BACKWARD });
  step('evolved', { other: second.id !== id, latest: (await registry.getLatestSchemaId('kafkajs-avro')) === second.id });
  step('lookup', (await registry.getRegistryIdBySchema('kafkajs-avro', wider)) === second.id);
  const reader = JSON.parse(wider.schema);
  const read = await registry.decode(bytes, { AVRO: { readerSchema: reader } });
  step('old data, new reader', { n: read.n, s: read.s });

  const json = await registry.register({ type: SchemaType.JSON, schema: '{"type":"object","properties":{"a":{"type":"string"}}}' }, { subject: 'kafkajs-json' });
  step('json', await registry.decode(await registry.encode(json.id, { a: 'x' })));

  const other = await registry.register({ type: SchemaType.PROTOBUF, schema: 'syntax = "proto3"; package p; message Inner { int32 n = 1; }' }, { subject: 'kafkajs-inner' });
  const proto = await registry.register(
    { type: SchemaType.PROTOBUF, schema: 'syntax = "proto3"; package p; import "inner.proto"; message Outer { Inner inner = 1; }', references: [{ name: 'inner.proto', subject: 'kafkajs-inner', version: 1 }] },
    { subject: 'kafkajs-outer' },
  );
  step('protobuf', { n: (await registry.decode(await registry.encode(proto.id, { inner: { n: 9 } }))).inner.n, ids: proto.id !== other.id });
}
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);

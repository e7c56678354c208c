// @confluentinc/schemaregistry against a registry. Arguments: its URL, a user, a password. Prints one JSON object a step.
const {
  SchemaRegistryClient,
  AvroSerializer,
  AvroDeserializer,
  JsonSerializer,
  JsonDeserializer,
  ProtobufSerializer,
  ProtobufDeserializer,
  HeaderSchemaIdSerializer,
  SerdeType,
  SubjectNameStrategyType,
} = require('@confluentinc/schemaregistry');
const { createFileRegistry, createMutableRegistry, fromBinary, create } = require('@bufbuild/protobuf');
const { FileDescriptorSetSchema } = require('@bufbuild/protobuf/wkt');

const [url, username, password] = process.argv.slice(2);
const step = (name, value) => console.log(JSON.stringify({ step: name, value }));
const user = (fields) =>
  JSON.stringify({ type: 'record', name: 'User', namespace: 'shop', fields: [{ name: 'id', type: 'long' }, ...fields] });

async function refused(work) {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    return { status: error.status, code: error.errorCode };
  }
}

async function administer(client) {
  const first = { schema: user([]), schemaType: 'AVRO' };
  const second = { schema: user([{ name: 'name', type: ['null', 'string'], default: null }]), schemaType: 'AVRO' };
  const broken = { schema: user([{ name: 'name', type: 'string' }]), schemaType: 'AVRO' };
  const subject = 'node-users-value';
  const id = await client.register(subject, first);
  step('same id again', (await client.register('node-copies-value', first)) === id);
  await client.register(subject, second);
  step('versions', await client.getAllVersions(subject));
  step('version of a schema', await client.getVersion(subject, second));
  step('latest', JSON.parse((await client.getLatestSchemaMetadata(subject)).schema).fields.length);
  step('by id', (await client.getBySubjectAndId(subject, id)).schema === first.schema);
  step('compatible', [
    await client.testSubjectCompatibility(subject, second),
    await client.testSubjectCompatibility(subject, broken),
  ]);
  step('refused', await refused(() => client.register(subject, broken)));
  step('unknown', await refused(() => client.getLatestSchemaMetadata('nobody')));
  await client.updateCompatibility(subject, 'NONE');
  step('level', await client.getCompatibility(subject));
  step('accepted then', (await client.register(subject, broken)) > 0);
  step('deleted version', await client.deleteSubjectVersion(subject, 3));
  step('deleted subject', await client.deleteSubject(subject));
  step('deleted for good', await client.deleteSubject(subject, true));
  step('subjects', (await client.getAllSubjects()).includes(subject));
}

async function roundTrips(client) {
  const register = { autoRegisterSchemas: true };
  const avro = { schemaType: 'AVRO', schema: user([{ name: 'name', type: 'string' }]) };
  await client.register('node-avro-value', avro);
  const latest = new AvroSerializer(client, SerdeType.VALUE, { useLatestVersion: true });
  const reader = new AvroDeserializer(client, SerdeType.VALUE, {});
  const bytes = await latest.serialize('node-avro', { id: 7, name: 'Ada' });
  step('avro', { magic: bytes[0], back: await reader.deserialize('node-avro', bytes) });

  const headers = {};
  const inHeaders = new AvroSerializer(client, SerdeType.VALUE, {
    useLatestVersion: true,
    schemaIdSerializer: HeaderSchemaIdSerializer,
  });
  const payload = await inHeaders.serialize('node-avro', { id: 8, name: 'Eve' }, headers);
  step('id in a header', {
    header: headers.__value_schema_id !== undefined,
    back: await reader.deserialize('node-avro', payload, headers),
  });

  const json = {
    schemaType: 'JSON',
    schema: JSON.stringify({ title: 'Order', type: 'object', properties: { n: { type: 'integer' } } }),
  };
  await client.register('node-json-value', json);
  const jsonBytes = await new JsonSerializer(client, SerdeType.VALUE, { useLatestVersion: true, validate: true }).serialize('node-json', { n: 3 });
  step('json', await new JsonDeserializer(client, SerdeType.VALUE, {}).deserialize('node-json', jsonBytes));

  // A record's own name as the subject.
  const byRecord = new AvroSerializer(client, SerdeType.VALUE, {
    useLatestVersion: true,
    subjectNameStrategyType: SubjectNameStrategyType.TOPIC_RECORD,
  });
  await client.register('node-avro-shop.User', avro);
  step('topic and record', (await byRecord.serialize('node-avro', { id: 1, name: 'x' }).catch((e) => String(e))).length > 5);

  // Types from the descriptor that the registry itself makes of source: a file with an import of its own.
  await client.register('node-money', {
    schemaType: 'PROTOBUF',
    schema: 'syntax = "proto3"; package pay; message Money { string currency = 1; int64 units = 2; }',
  });
  await client.register('node-proto-source', {
    schemaType: 'PROTOBUF',
    references: [{ name: 'pay/money.proto', subject: 'node-money', version: 1 }],
    schema: `syntax = "proto3"; package shop; import "pay/money.proto"; import "google/protobuf/timestamp.proto";
      message Note { string text = 1; }
      message Order { string id = 1; pay.Money total = 2; google.protobuf.Timestamp at = 3; map<string, int32> counts = 4;
        optional string note = 5; oneof by { string user = 6; int32 robot = 7; } message Line { int32 n = 1; } repeated Line lines = 8;
        enum State { OPEN = 0; PAID = 1; } State state = 9; }`,
  });
  const files = [];
  for (const [name, subject] of [['pay/money.proto', 'node-money'], ['order.proto', 'node-proto-source']]) {
    const { schema } = await client.getSchemaMetadata(subject, 1, false, 'serialized');
    files.push([name, Buffer.from(schema, 'base64')]);
  }
  const { FileDescriptorProtoSchema, TimestampSchema, file_google_protobuf_timestamp } = require('@bufbuild/protobuf/wkt');
  const protos = files.map(([name, data]) => Object.assign(fromBinary(FileDescriptorProtoSchema, data), { name }));
  const set = create(FileDescriptorSetSchema, { file: [file_google_protobuf_timestamp.proto, ...protos] });
  const registry = createFileRegistry(set);
  const type = registry.getMessage('shop.Order');
  const types = createMutableRegistry(type, registry.getMessage('pay.Money'), TimestampSchema);
  const serializer = new ProtobufSerializer(client, SerdeType.VALUE, { ...register, registry: types });
  const order = create(type, {
    id: 'o1',
    total: create(registry.getMessage('pay.Money'), { currency: 'EUR', units: 5n }),
    counts: { a: 1 },
    note: 'hi',
    by: { case: 'robot', value: 4 },
    state: 1,
  });
  const protoBytes = await serializer.serialize('node-proto', order);
  const back = await new ProtobufDeserializer(client, SerdeType.VALUE, {}).deserialize('node-proto', protoBytes);
  step('protobuf', {
    indexes: [...protoBytes.subarray(5, 8)],
    id: back.id,
    units: String(back.total.units),
    counts: back.counts,
    note: back.note,
    by: back.by,
    state: back.state,
  });
  const registered = await client.getLatestSchemaMetadata('node-proto-value');
  step('references', registered.references.map((r) => r.name).sort());
}

async function main() {
  const config = { baseURLs: [url], cacheCapacity: 100 };
  step('without a password', await refused(() => new SchemaRegistryClient(config).getAllSubjects()));
  const client = new SchemaRegistryClient({
    ...config,
    basicAuthCredentials: { credentialsSource: 'USER_INFO', userInfo: `${username}:${password}` },
  });
  await administer(client);
  await roundTrips(client);
}
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);

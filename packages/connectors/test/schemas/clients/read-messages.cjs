// Reads messages that a sink wrote with @confluentinc/schemaregistry. Argument: the registry's URL. Input: one JSON object a line,
// { format, topic, part, headers: { name: base64 }, data: base64 }. Prints what each message is, as JSON.
const {
  SchemaRegistryClient,
  AvroDeserializer,
  JsonDeserializer,
  ProtobufDeserializer,
  SerdeType,
} = require('@confluentinc/schemaregistry');

const client = new SchemaRegistryClient({ baseURLs: [process.argv[2]] });
const kinds = { 'avro-confluent': AvroDeserializer, 'json-registry': JsonDeserializer, 'protobuf-confluent': ProtobufDeserializer };
const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value);

(async () => {
  const lines = require('node:fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
  for (const line of lines) {
    const { format, topic, part, headers, data } = JSON.parse(line);
    const reader = new kinds[format](client, part === 'key' ? SerdeType.KEY : SerdeType.VALUE, {});
    const bytes = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, Buffer.from(v, 'base64')]));
    const value = await reader.deserialize(topic, Buffer.from(data, 'base64'), bytes);
    const { $typeName, ...rest } = value;
    console.log(JSON.stringify(rest, plain));
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});

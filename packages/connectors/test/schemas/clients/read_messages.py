"""Reads messages that a sink wrote with confluent-kafka. Argument: the registry's URL. Input: one JSON object a line,
{ format, topic, part, headers: { name: base64 }, data: base64 }. Prints what each message is, as JSON."""

import base64
import json
import sys

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

client = SchemaRegistryClient({"url": sys.argv[1]})


def proto_class(subject):
    """The first message of the subject's schema, as the registry's own descriptor gives it."""
    text = client.get_version(subject, 1, fmt="serialized").schema.schema_str
    file = descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(text))
    file.name = subject + ".proto"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    name = ".".join([file.package, file.message_type[0].name]).lstrip(".")
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


for line in sys.stdin:
    asked = json.loads(line)
    headers = [(name, base64.b64decode(value)) for name, value in asked["headers"].items()]
    field = MessageField.KEY if asked["part"] == "key" else MessageField.VALUE
    context = SerializationContext(asked["topic"], field, headers)
    data = base64.b64decode(asked["data"])
    if asked["format"] == "avro-confluent":
        print(json.dumps(AvroDeserializer(client)(data, context)))
    elif asked["format"] == "json-registry":
        print(json.dumps(JSONDeserializer(None, schema_registry_client=client)(data, context)))
    else:
        made = proto_class(asked["topic"] + "-" + asked["part"])
        value = ProtobufDeserializer(made, {"use.deprecated.format": False}, client)(data, context)
        print(json.dumps(json_format.MessageToDict(value, always_print_fields_with_no_presence=True)))

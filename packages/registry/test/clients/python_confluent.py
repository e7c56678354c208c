"""confluent-kafka's schema registry client and serializers against a registry. Arguments: its URL, a user, a password.
Prints one JSON object a step."""

import json
import sys

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Metadata,
    MetadataProperties,
    Rule,
    RuleKind,
    RuleMode,
    RuleSet,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    ServerConfig,
    header_schema_id_serializer,
    topic_subject_name_strategy,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf import timestamp_pb2  # noqa: F401  its file must be in the pool


def step(name, value):
    print(json.dumps({"step": name, "value": value}), flush=True)


def refused(work):
    try:
        work()
        return "accepted"
    except SchemaRegistryError as error:
        return {"status": error.http_status_code, "code": error.error_code}


def user(*fields):
    first = {"name": "id", "type": "long"}
    return json.dumps({"type": "record", "name": "User", "namespace": "shop", "fields": [first, *fields]})


url, name, password = sys.argv[1:4]
step("without a password", refused(lambda: SchemaRegistryClient({"url": url}).get_subjects()))
# Several URLs: the first does not answer.
client = SchemaRegistryClient({"url": f"http://127.0.0.1:1,{url}", "basic.auth.user.info": f"{name}:{password}", "max.retries": 1})

first = Schema(user(), "AVRO")
second = Schema(user({"name": "name", "type": ["null", "string"], "default": None}), "AVRO")
broken = Schema(user({"name": "name", "type": "string"}), "AVRO")
subject = "python-users-value"
schema_id = client.register_schema(subject, first)
client.register_schema(subject, second)
step("versions", client.get_versions(subject))
step("lookup", client.lookup_schema(subject, first).version)
step("by id", client.get_schema(schema_id).schema_str == user().replace(" ", "") or client.get_schema(schema_id).schema_type)
step("compatible", [client.test_compatibility(subject, second), client.test_compatibility(subject, broken)])
step("refused", refused(lambda: client.register_schema(subject, broken)))
client.set_compatibility(subject, "FORWARD")
step("level", client.get_compatibility(subject))
config = ServerConfig(compatibility=ConfigCompatibilityLevel.FULL, compatibility_group="major")
client.set_config(subject, config)
step("config", client.get_config(subject).compatibility_group)

rules = RuleSet(migration_rules=None, domain_rules=[Rule("checkId", None, RuleKind.CONDITION, RuleMode.WRITE, "CEL", None, None, "message.id > 0", None, None, False)])
tagged = Schema(user(), "AVRO", metadata=Metadata(None, MetadataProperties({"owner": "ada"}), None), rule_set=rules)
client.register_schema("python-tagged", tagged)
found = client.get_latest_with_metadata("python-tagged", {"owner": "ada"})
step("metadata", [found.schema.metadata.properties.properties["owner"], found.schema.rule_set.domain_rules[0].name])
step("other id", client.register_schema("python-plain", Schema(user(), "AVRO")) == schema_id)

value = SerializationContext("python-users2", MessageField.VALUE, [])
serializer = AvroSerializer(client, user({"name": "name", "type": "string"}), conf={"auto.register.schemas": True})
data = serializer({"id": 7, "name": "Ada"}, value)
step("avro", AvroDeserializer(client)(data, value))
headers = []
in_header = SerializationContext("python-users3", MessageField.VALUE, headers)
named = user({"name": "name", "type": "string"})
serializer = AvroSerializer(client, named, conf={"auto.register.schemas": True, "schema.id.serializer": header_schema_id_serializer})
data = serializer({"id": 9, "name": "Grace"}, in_header)
step("id in a header", [headers[0][0], len(data), AvroDeserializer(client)(data, in_header)])

schema = json.dumps({"title": "Order", "type": "object", "properties": {"n": {"type": "integer"}}})
context = SerializationContext("python-json", MessageField.VALUE, [])
data = JSONSerializer(schema, client)({"n": 3}, context)
step("json", JSONDeserializer(schema, schema_registry_client=client)(data, context))

# A file with an import, as protoc would make it.
pool = descriptor_pool.Default()
inner = descriptor_pb2.FileDescriptorProto(name="pay/money.proto", package="pay", syntax="proto3")
money = inner.message_type.add(name="Money")
money.field.add(name="units", number=1, type=3, label=1)
pool.Add(inner)
outer = descriptor_pb2.FileDescriptorProto(name="shop/order.proto", package="shop", syntax="proto3")
outer.dependency.extend(["pay/money.proto", "google/protobuf/timestamp.proto"])
outer.message_type.add(name="Note")
order = outer.message_type.add(name="Order")
order.field.add(name="id", number=1, type=9, label=1)
order.field.add(name="total", number=2, type=11, label=1, type_name=".pay.Money")
order.field.add(name="at", number=3, type=11, label=1, type_name=".google.protobuf.Timestamp")
order.oneof_decl.add(name="_note")
order.field.add(name="note", number=4, type=9, label=1, proto3_optional=True, oneof_index=0)
entry = order.nested_type.add(name="CountsEntry")
entry.options.map_entry = True
entry.field.add(name="key", number=1, type=9, label=1)
entry.field.add(name="value", number=2, type=5, label=1)
order.field.add(name="counts", number=5, type=11, label=3, type_name=".shop.Order.CountsEntry")
pool.Add(outer)
Order = message_factory.GetMessageClass(pool.FindMessageTypeByName("shop.Order"))
message = Order(id="o1", note="hi")
message.total.units = 5
message.counts["a"] = 1
context = SerializationContext("python-proto", MessageField.VALUE, [])
data = ProtobufSerializer(Order, client, {"use.deprecated.format": False})(message, context)
back = ProtobufDeserializer(Order, {"use.deprecated.format": False}, client)(data, context)
step("protobuf", {"indexes": list(data[5:8]), "id": back.id, "units": back.total.units, "counts": dict(back.counts), "note": back.note})
latest = client.get_latest_version("python-proto-value")
step("references", sorted(reference.name for reference in latest.schema.references))
print(json.dumps({"step": "source", "value": client.get_latest_version("python-proto-value").schema.schema_str}), flush=True)
serialized = client.get_version("python-proto-value", 1, fmt="serialized")
import base64  # noqa: E402

again = descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(serialized.schema.schema_str))
step("descriptor", [again.package, [m.name for m in again.message_type], [f.name for f in again.message_type[1].field]])

client.register_schema("python-ref", Schema('{"type":"record","name":"Part","fields":[{"name":"n","type":"int"}]}', "AVRO"))
whole = Schema('{"type":"record","name":"Whole","fields":[{"name":"part","type":"Part"}]}', "AVRO", [SchemaReference("Part", "python-ref", 1)])
whole_id = client.register_schema("python-whole", whole)
step("reference", client.get_schema(whole_id).references[0].subject)
step("still referenced", refused(lambda: client.delete_version("python-ref", 1)))
step("deleted", [client.delete_subject("python-whole"), client.delete_subject("python-whole", permanent=True)])
step("subject of a topic", topic_subject_name_strategy(value, "User"))

"""What Google's protobuf makes of .proto files: for each on a line of standard input, messages by chance as text, and as bytes.

  {"proto": …, "seed": 7, "rows": 3}  ->  {"rows": [{"text": …, "hex": …}, …]}
  {"proto": …, "reader": …, …}        ->  {"rows": [{"text": as the reader's file has it, or null, "hex": …}, …]}

A value that is not there is null where the message can tell, a list or map is null where it is empty.
"""

import json
import os
import random
import struct
import sys
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

INCLUDE = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
INT_BITS = {1: 0, 3: 64, 4: -64, 5: 32, 6: -64, 7: -32, 13: -32, 15: 32, 16: 64, 17: 32, 18: 64}


class Values:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def scalar(self, field):
        chance, kind = self.random, field.type
        if kind == field.TYPE_BOOL:
            return chance.random() < 0.5
        if kind == field.TYPE_STRING:
            return "".join(chance.choice("ab \"\u00e9\u20ac\U0001f600") for _ in range(chance.choice([0, 1, 30])))
        if kind == field.TYPE_BYTES:
            return bytes(chance.getrandbits(8) for _ in range(chance.choice([0, 1, 20])))
        if kind == field.TYPE_ENUM:
            return chance.choice(field.enum_type.values).number
        if kind == field.TYPE_FLOAT:
            return struct.unpack("<f", struct.pack("<f", chance.choice([0.0, -0.0, 1.5, 0.1, 3e38])))[0]
        if kind == field.TYPE_DOUBLE:
            return chance.choice([0.0, -0.0, 0.1, 1e300, 5e-324])
        bits = INT_BITS[kind]
        value = chance.getrandbits(chance.choice([0, 1, 7, 14, abs(bits) - 1, abs(bits) - (bits > 0)]))
        return -value - 1 if bits > 0 and chance.random() < 0.5 else value

    def fill(self, message):
        if message.DESCRIPTOR.full_name == "google.protobuf.Timestamp":
            message.seconds = self.random.choice([0, 1, -1, 1_700_000_000, -62_135_596_800])
            message.nanos = self.random.choice([0, 1000, 999_999_000])
            return
        for field in message.DESCRIPTOR.fields:
            if field.message_type is not None and field.message_type.GetOptions().map_entry:
                value = field.message_type.fields_by_name["value"]
                entries = getattr(message, field.name)
                for _ in range(self.random.choice([0, 0, 1, 3])):
                    key = self.scalar(field.message_type.fields_by_name["key"])
                    if value.message_type is not None:
                        self.fill(entries[key])
                    else:
                        entries[key] = self.scalar(value)
            elif field.is_repeated:
                items = getattr(message, field.name)
                for _ in range(self.random.choice([0, 0, 1, 4])):
                    if field.message_type is not None:
                        self.fill(items.add())
                    else:
                        items.append(self.scalar(field))
            elif self.random.random() < 0.7:
                if field.message_type is not None:
                    getattr(message, field.name).SetInParent()
                    self.fill(getattr(message, field.name))
                else:
                    setattr(message, field.name, self.scalar(field))


def single(field, value):
    if field.message_type is not None:
        return text(value)
    if field.type == field.TYPE_ENUM:
        named = field.enum_type.values_by_number.get(value)
        return str(value) if named is None else named.name
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        return {"f": struct.pack(">d", value).hex()}
    if isinstance(value, bytes):
        return {"b": value.hex()}
    return {"n": str(value)}


def text(message):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        return {"us": str(message.seconds * 1_000_000 + message.nanos // 1000)}
    if name.startswith("google.protobuf."):
        return single(message.DESCRIPTOR.fields[0], message.value)
    cells = []
    for field in sorted(message.DESCRIPTOR.fields, key=lambda f: f.number):
        value = getattr(message, field.name)
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            of = field.message_type.fields_by_name
            # Keys in the order of the bytes.
            entries = [[single(of["key"], k), single(of["value"], value[k])] for k in value]
            cells.append([field.name, {"m": entries} if entries else None])
        elif field.is_repeated:
            cells.append([field.name, [single(field, item) for item in value] or None])
        elif field.has_presence and not message.HasField(field.name):
            cells.append([field.name, None])
        else:
            cells.append([field.name, single(field, value)])
    return {"o": cells}


def root_of(proto):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.proto")
        with open(path, "w", encoding="utf8") as file:
            file.write(proto)
        out = os.path.join(folder, "out")
        args = ["protoc", f"-I{folder}", f"-I{INCLUDE}", "--include_imports", f"--descriptor_set_out={out}", path]
        if protoc.main(args) != 0:
            raise ValueError(proto)
        files = descriptor_pb2.FileDescriptorSet()
        with open(out, "rb") as file:
            files.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("a.b.Root"))


def answer(asked):
    cls = root_of(asked["proto"])
    reader = root_of(asked["reader"]) if "reader" in asked else None
    values, rows = Values(asked["seed"]), []
    for _ in range(asked["rows"]):
        message = cls()
        values.fill(message)
        data = message.SerializeToString(deterministic=True)
        if reader is None:
            rows.append({"text": text(message), "hex": data.hex()})
            continue
        try:
            rows.append({"text": text(reader.FromString(data)), "hex": data.hex()})
        except Exception as error:
            rows.append({"text": None, "hex": data.hex(), "error": f"{type(error).__name__}: {error}"})
    return {"rows": rows}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))

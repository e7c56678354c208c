"""protoc's own answers. A line in: {"text": source, "ours": base64 of our descriptor, "again": the text that we made of that
descriptor}; a line out: null where protoc makes the same descriptor of both, else what differs, or protoc's error."""

import base64
import json
import os
import sys
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2, text_format
from grpc_tools import protoc

includes = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")


def compiled(folder, text):
    path = os.path.join(folder, "default")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    out = os.path.join(folder, "out")
    errors = os.path.join(folder, "errors")
    saved = os.dup(2)
    with open(errors, "w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 2)
        status = protoc.main(["protoc", f"-I{folder}", f"-I{includes}", f"--descriptor_set_out={out}", "default"])
        os.dup2(saved, 2)
    os.close(saved)
    if status != 0:
        with open(errors, encoding="utf-8") as file:
            return None, file.read()
    with open(out, "rb") as file:
        return descriptor_pb2.FileDescriptorSet.FromString(file.read()).file[0], None


def plain(file):
    copy = descriptor_pb2.FileDescriptorProto()
    copy.CopyFrom(file)
    copy.ClearField("name")

    # The order of nested types has no meaning: ours puts entries of maps last.
    def sort(message):
        nested = sorted(message.nested_type, key=lambda m: m.name)
        del message.nested_type[:]
        message.nested_type.extend(nested)
        fields = sorted(message.field, key=lambda f: f.number)
        del message.field[:]
        message.field.extend(fields)
        for inner in message.nested_type:
            sort(inner)

    for message in copy.message_type:
        sort(message)
    return text_format.MessageToString(copy)


for line in sys.stdin:
    asked = json.loads(line)
    answer = None
    with tempfile.TemporaryDirectory() as folder:
        theirs, error = compiled(folder, asked["text"])
        if theirs is None:
            answer = {"error": error}
        elif asked["ours"] is not None:
            mine = descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(asked["ours"]))
            if plain(mine) != plain(theirs):
                answer = {"differs": [plain(mine), plain(theirs)]}
            else:
                back, error = compiled(folder, asked["again"])
                if back is None:
                    answer = {"error": "again: " + error}
                elif plain(back) != plain(theirs):
                    answer = {"differs": [plain(back), plain(theirs)]}
    print(json.dumps(answer), flush=True)

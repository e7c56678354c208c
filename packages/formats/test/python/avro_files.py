"""Avro files by fastavro: `write FOLDER` makes one of each codec, `read FILE…` prints codec and rows of each."""

import json
import sys

import fastavro

SCHEMA = {
    "type": "record",
    "name": "Visit",
    "namespace": "shop",
    "fields": [
        {"name": "note", "type": ["null", "string"]},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "id", "type": "int"},
    ],
}

command, *rest = sys.argv[1:]
if command == "write":
    for codec in ["null", "deflate", "snappy", "zstandard", "bzip2", "xz"]:
        rows = [{"note": None if i % 3 == 0 else f"n{i}", "kind": "AB"[i % 2], "id": i} for i in range(5000)]
        with open(f"{rest[0]}/{codec}.avro", "wb") as file:
            fastavro.writer(file, SCHEMA, rows, codec=codec, sync_interval=4000)
else:
    for path in rest:
        with open(path, "rb") as file:
            reader = fastavro.reader(file)
            print(json.dumps({"codec": reader.codec, "rows": list(reader)}, default=str))

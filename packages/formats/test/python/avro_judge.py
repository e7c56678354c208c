"""What fastavro makes of schemas: for each schema on a line of standard input, values by chance as text, and as bytes.

  {"schema": …, "seed": 7, "rows": 3}  ->  {"rows": [{"text": …, "hex": …}, …]}
  {"schema": …, "hex": …}              ->  {"text": …}
  {"schema": …, "reader": …, "seed": 7, "rows": 3}  ->  {"rows": [{"text": as the reader has it, or null, "hex": …, "error": …}, …]}
"""

import datetime
import decimal
import io
import json
import random
import struct
import sys
import uuid

import fastavro

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
NAIVE = datetime.datetime(1970, 1, 1)


class Values:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.named = {}

    def integer(self, bits):
        width = self.random.choice([3, 7, 8, 14, 15, bits - 1])
        value = self.random.getrandbits(min(width, bits - 1))
        return self.random.choice([value, -value - 1])

    def text(self):
        alphabet = "abc \"\\\n\u00e9\u20ac\U0001f600"
        return "".join(self.random.choice(alphabet) for _ in range(self.random.choice([0, 1, 5, 40])))

    def raw(self, size):
        return bytes(self.random.getrandbits(8) for _ in range(size))

    def of(self, schema, depth=0):
        if isinstance(schema, list):
            return self.of(self.random.choice(schema), depth)
        if isinstance(schema, str):
            if schema in self.named:
                return self.of(self.named[schema], depth)
            schema = {"type": schema}
        kind, logical = schema["type"], schema.get("logicalType")
        if isinstance(kind, (dict, list)):
            return self.of(kind, depth)
        if "name" in schema:
            self.named[schema["name"]] = schema
        if kind == "null":
            return None
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "int":
            if logical == "date":
                return datetime.date(1970, 1, 1) + datetime.timedelta(days=self.random.randrange(-200000, 200000))
            if logical == "time-millis":
                return self.time(1000)
            return self.integer(32)
        if kind == "long":
            if logical == "time-micros":
                return self.time(1000)
            if logical in ("timestamp-millis", "local-timestamp-millis"):
                base = EPOCH if logical.startswith("t") else NAIVE
                return base + datetime.timedelta(milliseconds=self.random.randrange(-(10**13), 10**13))
            if logical in ("timestamp-micros", "local-timestamp-micros"):
                base = EPOCH if logical.startswith("t") else NAIVE
                return base + datetime.timedelta(microseconds=self.random.randrange(-(10**16), 10**16))
            return self.integer(64)
        if kind == "float":
            return struct.unpack("<f", struct.pack("<f", self.random.choice([0.0, -0.0, 1.5, 3.4e38, 0.1])))[0]
        if kind == "double":
            return self.random.choice([0.0, -0.0, 0.1, 1e300, 5e-324, self.random.random()])
        if kind == "string":
            return uuid.UUID(bytes=self.raw(16)) if logical == "uuid" else self.text()
        if kind in ("bytes", "fixed"):
            if logical == "decimal":
                digits = self.random.randrange(1, schema["precision"] + 1)
                unscaled = self.random.choice([1, -1]) * self.random.randrange(10**digits)
                return decimal.Decimal(unscaled).scaleb(-schema.get("scale", 0), decimal.Context(prec=60))
            if logical == "uuid":
                return uuid.UUID(bytes=self.raw(16))
            return self.raw(schema["size"] if kind == "fixed" else self.random.choice([0, 1, 20]))
        if kind == "enum":
            return self.random.choice(schema["symbols"])
        if kind == "array":
            return [self.of(schema["items"], depth + 1) for _ in range(self.random.choice([0, 1, 3]))]
        if kind == "map":
            return {self.text(): self.of(schema["values"], depth + 1) for _ in range(self.random.choice([0, 1, 3]))}
        return {f["name"]: self.of(f["type"], depth + 1) for f in schema["fields"]}

    def time(self, step):
        micros = self.random.randrange(86_400_000) * 1000
        return (NAIVE + datetime.timedelta(microseconds=micros)).time()


def text(value):
    """A value in the one form that both sides write."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"n": str(value)}
    if isinstance(value, float):
        return {"f": struct.pack(">d", value).hex()}
    if isinstance(value, bytes):
        return {"b": value.hex()}
    if isinstance(value, decimal.Decimal):
        sign, digits, _ = value.as_tuple()
        return {"n": str((-1) ** sign * int("".join(map(str, digits))))}
    if isinstance(value, datetime.datetime):
        since = value - (NAIVE if value.tzinfo is None else EPOCH)
        return {"us": str(since // datetime.timedelta(microseconds=1))}
    if isinstance(value, datetime.date):
        return {"n": str((value - datetime.date(1970, 1, 1)).days)}
    if isinstance(value, datetime.time):
        return {"n": str(((value.hour * 60 + value.minute) * 60 + value.second) * 1000 + value.microsecond // 1000)}
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, list):
        return [text(item) for item in value]
    return {"o": [[key, text(item)] for key, item in value.items()]}


def resolved(writer, reader, asked):
    values = Values(asked["seed"])
    for _ in range(asked["rows"]):
        out = io.BytesIO()
        fastavro.schemaless_writer(out, writer, values.of(asked["schema"]))
        row = {"text": None, "hex": out.getvalue().hex(), "error": None}
        try:
            row["text"] = text(fastavro.schemaless_reader(io.BytesIO(out.getvalue()), writer, reader))
        except Exception as error:
            row["error"] = f"{type(error).__name__}: {error}"
        yield row


def answer(asked):
    schema = fastavro.parse_schema(asked["schema"])
    if "hex" in asked:
        return {"text": text(fastavro.schemaless_reader(io.BytesIO(bytes.fromhex(asked["hex"])), schema, None))}
    if "reader" in asked:
        return {"rows": list(resolved(schema, fastavro.parse_schema(asked["reader"]), asked))}
    values = Values(asked["seed"])
    rows = []
    for _ in range(asked["rows"]):
        row = values.of(asked["schema"])
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, row)
        # Read back: a union of int and long is what fastavro wrote it as.
        back = fastavro.schemaless_reader(io.BytesIO(out.getvalue()), schema, None)
        rows.append({"text": text(back), "hex": out.getvalue().hex()})
    return {"rows": rows}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))

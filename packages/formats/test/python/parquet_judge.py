"""What pyarrow makes of Parquet files: for each line of standard input, rows by chance that it writes, or those that it reads.

  {"write": "/path", "seed": 7}  ->  {"rows": [{"o": [["name", value], …]}, …]}
  {"read": "/path"}              ->  the same, of a file whose statistics hold
"""

import datetime
import decimal
import json
import random
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq

decimal.getcontext().prec = 60


class Tables:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def type(self, depth=0):
        r = self.random
        leaves = [
            pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
            pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.binary(), pa.binary(5), pa.date32(),
            pa.time32("ms"), pa.time64("us"), pa.time64("ns"),
            pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns"), pa.timestamp("us", tz="UTC"),
            pa.decimal128(4, 2), pa.decimal128(9, 0), pa.decimal128(18, 6), pa.decimal128(38, 10),
        ]
        pick = r.randrange(10) if depth < 3 else 0
        if pick == 7:
            return pa.list_(pa.field("element", self.type(depth + 1), nullable=r.random() < 0.7))
        if pick == 8:
            return pa.map_(r.choice([pa.string(), pa.int32(), pa.int64()]), self.type(depth + 1))
        if pick == 9:
            return pa.struct([self.field(f"f{i}", depth + 1) for i in range(r.randrange(1, 4))])
        return r.choice(leaves)

    def field(self, name, depth=0):
        return pa.field(name, self.type(depth), nullable=self.random.random() < 0.75)

    def value(self, type, nullable):
        r = self.random
        if nullable and r.random() < 0.25:
            return None
        if pa.types.is_boolean(type):
            return r.random() < 0.5
        if pa.types.is_integer(type):
            bits = type.bit_width - (0 if pa.types.is_unsigned_integer(type) else 1)
            value = r.getrandbits(r.choice([3, bits]))
            value = min(value, (1 << bits) - 1)
            return value if pa.types.is_unsigned_integer(type) or r.random() < 0.5 else -value - 1
        if pa.types.is_floating(type):
            value = r.choice([0.0, -0.0, 1.5, float("inf"), float("nan"), r.gauss(0, 1e6)])
            return struct.unpack("f", struct.pack("f", value))[0] if type == pa.float32() else value
        if pa.types.is_string(type) or pa.types.is_large_string(type):
            return "".join(r.choice("ab \n\u00e9\u20ac\U0001f600") for _ in range(r.choice([0, 1, 3, 30])))
        if pa.types.is_fixed_size_binary(type):
            return r.randbytes(type.byte_width)
        if pa.types.is_binary(type):
            return r.randbytes(r.choice([0, 1, 20]))
        if pa.types.is_date(type):
            return datetime.date(1970, 1, 1) + datetime.timedelta(days=r.randrange(-200000, 200000))
        if pa.types.is_time(type):
            per = {"ms": 10**3, "us": 10**6, "ns": 10**9}[type.unit]
            return r.randrange(86400 * per)
        if pa.types.is_timestamp(type):
            per = {"ms": 10**3, "us": 10**6, "ns": 10**9}[type.unit]
            return r.randrange(-8 * 10**9 * per, 8 * 10**9 * per)
        if pa.types.is_decimal(type):
            unscaled = r.randrange(10 ** r.choice([1, type.precision]))
            return decimal.Decimal(r.choice([unscaled, -unscaled])).scaleb(-type.scale)
        if pa.types.is_list(type):
            field = type.value_field
            return [self.value(field.type, field.nullable) for _ in range(r.choice([0, 1, 2, 5]))]
        if pa.types.is_map(type):
            keys = list({self.value(type.key_type, False) for _ in range(r.choice([0, 1, 3]))})
            return [(key, self.value(type.item_type, True)) for key in keys]
        if pa.types.is_struct(type):
            return {f.name: self.value(f.type, f.nullable) for f in type.fields}
        raise ValueError(str(type))

    def write(self, path):
        r = self.random
        schema = pa.schema([self.field(f"c{i}") for i in range(r.randrange(1, 8))])
        count = r.choice([0, 1, 7, 60, 300])
        columns = [pa.array([self.value(f.type, f.nullable) for _ in range(count)], f.type) for f in schema]
        table = pa.table(columns, schema=schema)
        int96 = r.random() < 0.3
        dictionary = r.random() < 0.6
        encodings = None
        if not dictionary and r.random() < 0.6:
            encodings = {}
            for f in schema:
                t = f.type
                if t in (pa.int32(), pa.int64(), pa.date32()):
                    encodings[f.name] = r.choice(["DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"])
                elif pa.types.is_string(t) or pa.types.is_large_string(t) or t == pa.binary():
                    encodings[f.name] = r.choice(["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
                elif pa.types.is_floating(t):
                    encodings[f.name] = "BYTE_STREAM_SPLIT"
                elif t == pa.bool_():
                    encodings[f.name] = "RLE"
        pq.write_table(
            table, path,
            compression=r.choice(["snappy", "gzip", "zstd", "brotli", "none"]),
            version="2.6",
            data_page_version=r.choice(["1.0", "2.0"]),
            data_page_size=r.choice([64, 1000, 1 << 20]),
            row_group_size=r.choice([20, 1000]),
            use_dictionary=dictionary,
            column_encoding=encodings,
            use_deprecated_int96_timestamps=int96,
            store_decimal_as_integer=r.random() < 0.5,
            use_compliant_nested_type=r.random() < 0.7,
            write_page_checksum=r.random() < 0.5,
        )
        return table


def judged(scalar):
    type = scalar.type
    if not scalar.is_valid:
        return None
    if pa.types.is_boolean(type) or pa.types.is_string(type) or pa.types.is_large_string(type):
        return scalar.as_py()
    if pa.types.is_integer(type):
        return {"n": str(scalar.as_py())}
    if pa.types.is_floating(type):
        return {"f": struct.pack(">d", scalar.as_py()).hex()}
    if pa.types.is_binary(type) or pa.types.is_fixed_size_binary(type):
        return {"b": scalar.as_py().hex()}
    if pa.types.is_date(type):
        return {"n": str(scalar.value)}
    if pa.types.is_time(type):
        return {"n": str(scalar.value // {"ms": 1, "us": 10**3, "ns": 10**6}[type.unit])}
    if pa.types.is_timestamp(type):
        value = scalar.value
        return {"us": str(value * 1000 if type.unit == "ms" else value if type.unit == "us" else value // 1000)}
    if pa.types.is_decimal(type):
        return {"n": str(int(scalar.as_py().scaleb(type.scale)))}
    if pa.types.is_list(type):
        return [judged(item) for item in scalar]
    if pa.types.is_map(type):
        return {"o": [[str(e["key"].as_py()), judged(e["value"])] for e in scalar.values]}
    if pa.types.is_struct(type):
        return {"o": [[f.name, judged(scalar[f.name])] for f in type.fields]}
    raise ValueError(str(type))


def check_statistics(path):
    """No value of a group is less than the least that it says, or greater than the greatest: long texts are cut there."""
    file = pq.ParquetFile(path)
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        for i in range(group.num_columns):
            chunk = group.column(i)
            statistics = chunk.statistics
            if statistics is None or "." in chunk.path_in_schema:
                continue
            values = file.read_row_group(number, [chunk.path_in_schema]).column(0)
            assert statistics.null_count == values.null_count, chunk
            if not statistics.has_min_max:
                continue
            found = [v for v in values.to_pylist() if v is not None and v == v]
            assert statistics.min <= min(found) and max(found) <= statistics.max, chunk


for line in sys.stdin:
    asked = json.loads(line)
    if "read" in asked:
        check_statistics(asked["read"])
    table = pq.read_table(asked["read"]) if "read" in asked else Tables(asked["seed"]).write(asked["write"])
    rows = [{"o": [[name, judged(table[name][i])] for name in table.column_names]} for i in range(table.num_rows)]
    print(json.dumps({"rows": rows}))

"""Parquet files of many row groups, rows by chance, written by pyarrow: for each line of standard input a file.

  {"write": "/path", "seed": 7}  ->  {"groups": 12}

Rows are in order of some columns, so that groups differ; others are by chance, or NULL in whole groups. NaN, zeros of both signs,
texts that begin alike, unsigned integers beyond what is signed, decimals in all their physical types.
"""

import datetime
import decimal
import json
import random
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def table(seed):
    r = random.Random(seed)
    rows = r.choice([90, 300, 500])
    spread = r.choice([1, 5, 40])
    base = r.randrange(-300, 300)
    walk = [base + i // spread + r.randrange(-3, 4) for i in range(rows)]

    def some(values, share=0.1):
        return [None if r.random() < share else v for v in values]

    def groups(values, size=25):
        # Whole stretches of NULL, and stretches without.
        out = []
        for at in range(0, rows, size):
            kind = r.choice(["all", "none", "some"])
            share = {"all": 1.0, "none": 0.0, "some": 0.3}[kind]
            out += some(values[at : at + size], share)
        return out

    floats = [float(v) if r.random() < 0.8 else r.choice([float("nan"), -0.0, 0.0, float("inf"), 0.5]) for v in walk]
    text = lambda v: r.choice(["", "a", "prefix that is long and the same " * 3, "\u00e9", "\U0001f600"]) + str(v)
    columns = {
        "id": (pa.int64(), list(range(rows))),
        "i": (pa.int32(), groups(walk)),
        "l": (pa.int64(), some([v * (1 << 53) for v in walk])),
        "ti": (pa.int8(), some([max(-128, min(127, v)) for v in walk])),
        "ui": (pa.uint32(), some([(v * 20_000_000) % (1 << 32) for v in walk])),
        "ul": (pa.uint64(), some([v % (1 << 64) for v in walk])),
        "f": (pa.float32(), groups(floats)),
        "d": (pa.float64(), some(floats)),
        "s": (pa.string(), groups([text(v) for v in walk])),
        "y": (pa.binary(), some([bytes([v % 256, r.randrange(3)]) for v in walk])),
        "b": (pa.bool_(), groups([v % 5 == 0 for v in walk])),
        "n": (pa.decimal128(9, 2), some([decimal.Decimal(v) / 4 for v in walk])),
        "nl": (pa.decimal128(18, 3), some([decimal.Decimal(v * 10**11) / 8 for v in walk])),
        "nb": (pa.decimal128(38, 4), groups([decimal.Decimal(v * 10**25) / 16 for v in walk])),
        "da": (pa.date32(), some([datetime.date(2024, 1, 1) + datetime.timedelta(days=v) for v in walk])),
        "ti3": (pa.time32("ms"), some([datetime.time((v % 24), 0, 1) for v in walk])),
        "ts": (pa.timestamp("us"), groups([datetime.datetime(2024, 1, 1) + datetime.timedelta(hours=v) for v in walk])),
    }
    names = list(columns)
    arrays = [pa.array(values, type) for type, values in columns.values()]
    fields = [pa.field(n, a.type, nullable=n != "id") for n, a in zip(names, arrays)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields)), r


for line in sys.stdin:
    asked = json.loads(line)
    data, r = table(asked["seed"])
    pq.write_table(
        data,
        asked["write"],
        row_group_size=r.choice([7, 25, 50]),
        store_decimal_as_integer=r.random() < 0.5,
        write_statistics=r.choice([True, True, True, ["id", "i", "s", "d"], False]),
        use_dictionary=r.random() < 0.5,
    )
    print(json.dumps({"groups": pq.ParquetFile(asked["write"]).num_row_groups}), flush=True)

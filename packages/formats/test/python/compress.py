"""Compresses by Python's own modules. Arguments: `bzip2` or `xz`, and how as JSON. Input and output: frames of four bytes of length
(little-endian) and as many bytes; with `-d` in front it decompresses."""

import bz2
import json
import lzma
import struct
import sys

backwards = sys.argv[1] == "-d"
codec, how = sys.argv[2:] if backwards else sys.argv[1:]
how = json.loads(how)
data = sys.stdin.buffer.read()
at = 0
while at < len(data):
    (size,) = struct.unpack_from("<I", data, at)
    frame = data[at + 4 : at + 4 + size]
    at += 4 + size
    if backwards:
        made = bz2.decompress(frame) if codec == "bzip2" else lzma.decompress(frame)
    elif codec == "bzip2":
        made = bz2.compress(frame, how["level"])
    else:
        made = lzma.compress(frame, lzma.FORMAT_XZ, **how)
    sys.stdout.buffer.write(struct.pack("<I", len(made)) + made)

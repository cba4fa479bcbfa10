"""How much a reader takes in before it refuses, and why that much."""

from __future__ import annotations

MIB = 1 << 20

# An article, a line of a table, or a cell. A book is 3 MiB; 64 MiB still reads in under a second and
# fits any machine, and whoever feeds a 2 GiB dump as one article wants to be told about .jsonl.
ARTICLE_BYTES = 64 * MIB

# What a .docx or .xlsx may unpack to, all parts together. Word's XML of a 500-page book is 30 MiB;
# a sheet of a million articles is past 1 GiB and is read part by part.
DOCX_UNPACKED = 256 * MIB
XLSX_UNPACKED = 4096 * MIB

# How many times smaller a packed part may be. Office XML packs 10 to 40 times, a run of one repeated
# byte (the ZIP bomb) 1,000 times; parts under a MiB unpacked are harmless at any ratio.
PACK_RATIO = 200
PACK_RATIO_FROM = MIB

# From how many bytes the encoding of a table is told: enough for some hundred rows.
SNIFF_BYTES = MIB

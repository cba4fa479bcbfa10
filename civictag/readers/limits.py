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
# byte (the ZIP bomb) 1,000 times. A text of 60,000 runs that a program made all alike packs 250 times in
# 3 MiB: parts of no more than this are read at any ratio, and the reader's own limits hold.
PACK_RATIO = 200
PACK_RATIO_FROM = 32 * MIB

# Text that the rows of one file may hold together, in bytes; more where the file itself is large (PACK_RATIO
# times). A Parquet file of 625 bytes, or a sheet of one string in every row, holds gigabytes.
ROWS_UNPACKED = 256 * MIB

# From how many bytes the encoding of a table is told: enough for some hundred rows.
SNIFF_BYTES = MIB

# What a reader in a child process may take: memory (more for files that are large themselves) and
# processor seconds (two more for each MiB). A PDF of 576 bytes took all memory, a sheet whose only
# row says that it is number 10^9 would run for a day.
CHILD_MEMORY = 1024 * MIB
CHILD_MEMORY_MOST = 4096 * MIB
CHILD_SECONDS = 60

# Rows and columns of a sheet as the formats allow them, and how many cells are read at most.
SHEET_CELLS = 50_000_000

# Sheets of a workbook. Offices keep one per day or unit, some hundreds; 100,000 may all be one part of 1 kB.
SHEETS = 2_000

# Characters of a PDF's pages together: a book has 2 million.
PDF_CHARACTERS = 20_000_000

# Seconds that LibreOffice may take to start and convert, and five more for each file.
CONVERT_SECONDS = 60

# Files in one .zip, and seconds by the clock that their readers may take together. 20,000 Word files take ten
# minutes, as many that use up their own minute each two weeks.
ARCHIVE_FILES = 20_000
ARCHIVE_SECONDS = 1_800

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Office before 2007, and encrypted ones, begin."""

"""How large a file may grow while it is read: what protects a machine from a file that was made to hurt it."""

from __future__ import annotations

MEBIBYTE = 2**20

# An .xlsx or .ods is a zip archive; a real survey of a million rows inflates to well under this.
LARGEST_INFLATED_SHEET = 2048 * MEBIBYTE
# One cell at the far corner of a sheet makes a spreadsheet library allocate every cell before it.
MOST_SHEET_CELLS = 100_000_000
# A data file packed with gzip, as it is after unpacking.
LARGEST_INFLATED_DATA = 64 * 1024 * MEBIBYTE
# gzip packs real fixed-width answers 5 to 50 times; a made bomb 1000 times.
HIGHEST_GZIP_RATIO = 500
GZIP_RATIO_COUNTS_FROM = 64 * MEBIBYTE
# Questionnaire files: XML and JSON are held in memory as a tree, some ten times their size.
LARGEST_CODEBOOK = 64 * MEBIBYTE
MOST_COLUMNS = 100_000

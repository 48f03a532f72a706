"""Inera's Intygsstatistik: the tables of sjukfall that it exports as CSV and XLSX.

CSV has `;` after every field, the last one too, and only the header and the rows. XLSX has the level,
the title with its period, and the filters above the header or on a sheet `urval`. Tables with groups
have a row with the groups above the header; the table by county has blocks of counts, inhabitants and
rates. Source: Inera's open source code of https://statistik.intygstjanster.se, version of May 2026.
"""

from vgstats.sources.intygsstatistik.read import read_csv, read_xlsx

__all__ = ["read_csv", "read_xlsx"]

"""SCB's PxWeb: json-stat2, CSV and the JSON of API version 1, fetched or saved to disk.

Population by single years of age is summed to Försäkringskassan's age bands and to 16-64, and over
kvinnor and män where the file has no total of its own. Only published counts are added, and only
when every part is there. Sources: https://json-stat.org/full/ (version 2.0) and SCB's API,
https://www.scb.se/vara-tjanster/oppna-data/api-for-statistikdatabasen/.
"""

from vgstats.sources.pxweb.json_stat import read_json_stat
from vgstats.sources.pxweb.table import read_csv, read_version_1

__all__ = ["read_csv", "read_json_stat", "read_version_1"]

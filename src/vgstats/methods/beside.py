"""What a notebook needs beside the methods."""

from vgstats.errors import VgstatsError as VgstatsError
from vgstats.observations import Value as Value
from vgstats.observations import one as one
from vgstats.observations import select as select

"""The blocks of the report on ongoing sjukfall out of a region's register, a module for each section."""

from vgstats.presentation.warm import warm_up as warm_up

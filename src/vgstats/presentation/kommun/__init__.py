"""The blocks of the report on one kommun, a module for each section."""

from vgstats.presentation.warm import warm_up as warm_up

"""The blocks of the follow-up report, a module for each of its six sections."""

from vgstats.presentation.warm import warm_up as warm_up

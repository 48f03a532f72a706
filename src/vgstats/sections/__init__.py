"""What any report may show; arguments say what."""

from vgstats.sections.warm import warm_up as warm_up

"""What any report may show; arguments say what. No kind of report is named here."""

from vgstats.drawing.embedding import image_address
from vgstats.drawing.maps import boundaries
from vgstats.drawing.style import canvas, style
from vgstats.facts.facts import swedish
from vgstats.reports.base.gathering import read_bundled
from vgstats.sections.beside_others import comparison as comparison
from vgstats.sections.beside_others import counties as counties
from vgstats.sections.brief import in_brief as in_brief
from vgstats.sections.by_part import ages as ages
from vgstats.sections.by_part import branches as branches
from vgstats.sections.by_part import chapters as chapters
from vgstats.sections.by_part import lengths as lengths
from vgstats.sections.by_part import started as started
from vgstats.sections.change_tables import beside as beside
from vgstats.sections.change_tables import changes as changes
from vgstats.sections.composition import benefits as benefits
from vgstats.sections.composition import by_sex as by_sex
from vgstats.sections.contributions_of_kommuner import by_size as by_size
from vgstats.sections.diagnoses import psychiatric as psychiatric
from vgstats.sections.doubts import remarks as remarks
from vgstats.sections.grants import money as money
from vgstats.sections.in_own_words import own_words as own_words
from vgstats.sections.indicator_table import indicators as indicators
from vgstats.sections.maps_of_places import map_of as map_of
from vgstats.sections.missing import gaps as gaps
from vgstats.sections.organisation import structures as structures
from vgstats.sections.over_time import series as series
from vgstats.sections.page_one import findings as findings
from vgstats.sections.page_one import goals_and_money as goals_and_money
from vgstats.sections.page_one import lead_figure as lead_figure
from vgstats.sections.page_one import not_known as not_known
from vgstats.sections.page_one import would_it as would_it
from vgstats.sections.parts_of_county import parts as parts
from vgstats.sections.places import kommuner as kommuner
from vgstats.sections.plan import actions as actions
from vgstats.sections.plan import goals as goals
from vgstats.sections.provenance import definitions as definitions
from vgstats.sections.provenance import hidden as hidden
from vgstats.sections.provenance import remake as remake
from vgstats.sections.provenance import sources as sources
from vgstats.sections.register import by_group as by_group
from vgstats.sections.register import kommuner_by_group as kommuner_by_group
from vgstats.sections.register import months as months
from vgstats.sections.revisions import revised as revised
from vgstats.sections.share_figures import instances as instances
from vgstats.sections.share_figures import shares as shares
from vgstats.sections.spending import costs as costs
from vgstats.sections.verdict import answer as answer
from vgstats.sections.verdict import rules as rules
from vgstats.sections.ways import more_ways as more_ways
from vgstats.software import fingerprint


def warm_up() -> None:
    """Read the bundled tables, and draw once; the kernels that are forked afterwards have it all.

    `kernels.zygote` calls this when it has imported the sections, in the process that kernels are forked from.

    Raises:
        VgstatsError: a bundled table is missing or broken.
    """
    read_bundled()
    fingerprint()
    boundaries("lan")
    boundaries("kommun")
    swedish(1234.5, 1)
    with style():
        drawing, axes = canvas(1)
        axes.plot([0, 1], [1, 2])
        axes.set_ylabel("å", weight="bold")
        image_address(drawing)

"""The lists that a region's own file may have, by their keys, and the models of what stands inside their entries."""

from __future__ import annotations

from vgstats.entries import Entry
from vgstats.sources import own_agreements as agreed
from vgstats.sources import own_entries as entries
from vgstats.sources import own_requirements as required

PARTS: dict[str, type[entries.Written]] = {
    "agreements": agreed.OwnAgreement,
    "projects": agreed.OwnAgreement,
    "calls": agreed.OwnCall,
    "requirements": required.OwnRequirements,
    "judgements": required.OwnJudgement,
    "units": entries.OwnUnit,
    "remarks": entries.OwnRemark,
    "answers": entries.OwnAnswer,
    "sources": entries.OwnSource,
}
INSIDE: dict[str, type[Entry]] = {
    "goals": agreed.OwnGoal,
    "actions": agreed.OwnAction,
    "costs": agreed.OwnCost,
    "evaluation": agreed.OwnEvaluation,
    "project": agreed.OwnProject,
    "rounds": agreed.OwnRound,
    "requirements": required.OwnRequirement,
    "counted": required.OwnCounted,
    "apart": required.OwnNote,
    "risks": required.OwnNote,
    "indicators": required.OwnWished,
}
_OURS = {"own", "cooperation"}  # keys that vgstats' own entries have


def not_written(model: type[Entry]) -> set[str]:
    """Return the keys of a model that only vgstats' own entries have."""
    return _OURS | ({"period", "dimensions"} if model is entries.OwnRemark else set())

"""What a report is made of, as digests: when they are the same, the report is, and need not be made."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from vgstats.batch.plan import Job, Order
from vgstats.disclosure.release import ledger_digests
from vgstats.page.notebook_digest import digest_of_text
from vgstats.reports.kinds import KINDS
from vgstats.software import fingerprint, package_versions
from vgstats.store.store import Store, part

WORDS = {
    "parameters": "its parameters changed",
    "notebook": "its notebook changed",
    "software": "vgstats changed",
    "packages": "a package that it is made with has another version",
    "data": "its figures changed",
}


class Keys:
    """The digests of one run. `files` says which data files there are, `data` what a report reads of them."""

    def __init__(self, store: Store, notebooks: Mapping[str, str]) -> None:
        self._store = store
        self._notebooks = {kind: digest_of_text(text) for kind, text in notebooks.items()}
        self._packages = _digest(json.dumps(package_versions()))

    def without_data(self, order: Order) -> dict[str, str]:
        """Return the digests of all that can be told without reading a figure.

        `files` changes whenever a data file that may hold a figure of the report does.
        """
        return {
            "parameters": _digest(json.dumps(order.parameters.model_dump(mode="json"))),
            "notebook": self._notebooks[order.kind],
            "software": fingerprint(),
            "packages": self._packages,
            "files": self._files(order),
        }

    def whole(self, job: Job) -> dict[str, str]:
        """Return all digests, that of the figures too, and of where they come from."""
        sources = job.bundle.sources
        named = sources[sources.index.isin(list(job.bundle.vintages))]
        data = [job.bundle.digest(), json.dumps(job.bundle.vintages), named.to_csv()]
        return {**self.without_data(job), "data": _digest("\n".join(data))}

    def _files(self, order: Order) -> str:
        wanted = KINDS[order.kind].data_request(order.parameters).wanted
        asked = {(one.measure, one.area) for one in wanted}
        pairs = sorted({(measure, part(area)) for measure, area in asked})
        names = [name for pair in pairs for name in self._by_pair.get(pair, ())]
        return _digest("\n".join([*names, self._common]))

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], list[str]]:
        found = defaultdict(list)
        for file in self._store.manifest().files:
            found[file.measure, file.part].append(file.name)
        return found

    @cached_property
    def _common(self) -> str:
        manifest = self._store.manifest()
        declared = self._store.declared().model_dump(mode="json", exclude_defaults=True)
        own = [declared] if declared else []
        return json.dumps([manifest.kind, manifest.sources, ledger_digests(self._store), *own])


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return in words what differs between two sets of digests, the files left aside."""
    return [WORDS[name] for name in WORDS if name in now and before.get(name) != now[name]]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""The connection to one source: its pace, what is kept of its answers, and never another host."""

from __future__ import annotations

import datetime as dt
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests_cache import CachedSession
from requests_ratelimiter import LimiterAdapter

from vgstats.errors import VgstatsError
from vgstats.sources.answer import is_empty_list, is_whole

KEPT = dt.timedelta(hours=24)
LARGEST = 2**30  # bytes; the largest table known is 135 MB
RETRIEVED = "X-Vgstats-Retrieved"  # the header in which the time of an answer is kept with it
USER_AGENT = f"vgstats/{version('vgstats')} (follow-up of sick leave; python-requests)"
DEFAULT_PORTS = {"http": 80, "https": 443}


class Session(CachedSession):
    """Follows a redirect only within the host that was asked."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a response sends on to, None where it does not."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        here, there = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
        if origin(here) != origin(there):
            raise VgstatsError(
                f"{resp.url} sends on to another host: from {shown(here)} to {shown(there)}. That "
                "is refused. If the source has moved, correct its address in a copy of the datasets "
                "file ('vgstats fetch --show-datasets', '--datasets')."
            )
        return target


class _Adapter(LimiterAdapter):
    """Sends at the source's pace; refuses a huge answer before it is read, and notes the time."""

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        response: requests.Response = super().send(request, **options)
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > LARGEST:
            response.close()
            raise VgstatsError(
                f"{request.url}: the answer is announced as {int(length) / 2**30:.1f} GiB, more than "
                f"the {LARGEST / 2**30:.0f} GiB that is read. Ask for fewer areas or years."
            )
        if response.status_code == requests.codes.ok:
            # Kept with the answer: the cache's own time is that of writing, after the reading.
            now = dt.datetime.now(dt.UTC)
            response.headers[RETRIEVED] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return response


def session(base: SplitResult, requests_per_second: float, cache: Path | None) -> Session:
    """Return a session for one source.

    Args:
        base: the source's base address.
        requests_per_second: how often it is asked at most.
        cache: the folder of kept answers; None keeps nothing.

    Raises:
        OSError: the folder cannot be made.
    """
    made = Session(
        expire_after=KEPT,
        allowable_codes=(200,),
        filter_fn=_worth_keeping,
        **({"backend": "memory"} if cache is None else _kept_in(cache, base)),
    )
    made.settings.disabled = cache is None
    made.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
    made.max_redirects = 5
    # Waiting after 429 is done by the client, as Retry-After says, and not by filling the limiter.
    adapter = _Adapter(per_second=requests_per_second, limit_statuses=())
    for scheme in DEFAULT_PORTS:
        made.mount(f"{scheme}://", adapter)
    return made


def origin(parts: SplitResult) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of an address."""
    return parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)


def shown(parts: SplitResult) -> str:
    """Return an address's scheme and host as a person reads them."""
    return f"{parts.scheme}://{parts.netloc}"


def _kept_in(cache: Path, base: SplitResult) -> dict[str, Any]:
    folder = cache / base.netloc.replace(":", "_")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    # Decoding is how this backend usually keeps JSON: it writes it anew, with other spaces and so
    # another checksum. Pickling takes half the memory of its JSON form.
    return {
        "cache_name": folder,
        "backend": "filesystem",
        "serializer": "pickle",
        "decode_content": False,
    }


def _sweep(folder: Path) -> None:
    """Remove answers that are too old to be used; some are more than a hundred megabytes."""
    oldest = time.time() - KEPT.total_seconds()
    for file in folder.glob("*.pkl"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


def _worth_keeping(response: requests.Response) -> bool:
    return is_whole(response.content) and not is_empty_list(response.content)

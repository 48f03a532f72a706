"""Asking one source politely: at its pace, again where a fault may pass, and never another host.

What it answers is kept for a day, so that a fetch which was cut off goes on where it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError, TooManyRedirects
from requests_cache import AnyResponse, CachedSession
from requests_ratelimiter import LimiterAdapter
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from vgstats.errors import VgstatsError

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Answer:
    """What a source answered: the address that was asked, the bytes, and when they came (UTC)."""

    address: str
    content: bytes
    sha256: str
    retrieved: str
    from_cache: bool


def is_web_page(content: bytes) -> bool:
    """Return whether the bytes begin as HTML does."""
    return _start(content).startswith(b"<")


def is_whole(content: bytes) -> bool:
    """Return whether the bytes begin and end as a JSON list or object does."""
    first, last = _start(content)[:1], content[-256:].rstrip()[-1:]
    return (first, last) in ((b"[", b"]"), (b"{", b"}"))


def is_empty_list(content: bytes) -> bool:
    """Return whether the bytes are a JSON list with nothing in it."""
    return len(content) < 256 and b"".join(content.split()) == b"[]"


def object_with_list(answer: Answer, key: str) -> dict[str, Any]:
    """Return the JSON object of an answer, which must have a list under `key`.

    Raises:
        VgstatsError: it is something else.
    """
    try:
        content = json.loads(answer.content)
    except ValueError as error:
        raise VgstatsError(f"{answer.address}: the answer is broken JSON: {error}.") from None
    if not isinstance(content, dict) or not isinstance(content.get(key), list):
        raise VgstatsError(
            f"{answer.address}: the answer has no list {key!r}. The source has changed its form; "
            "check the address with '--show-datasets'."
        )
    return content


def _start(content: bytes) -> bytes:
    return content[:256].removeprefix(_BOM).lstrip()


KEPT = dt.timedelta(hours=24)
LARGEST = 2**30  # bytes; the largest table known is 135 MB
RETRIEVED = "X-Vgstats-Retrieved"  # the header in which the time of an answer is kept with it
USER_AGENT = f"vgstats/{version('vgstats')} (follow-up of sick leave; python-requests)"
DEFAULT_PORTS = {"http": 80, "https": 443}


class _Session(CachedSession):
    """The connection to one source: its pace, what is kept of its answers, and never another host."""

    def __init__(self, base: SplitResult, requests_per_second: float, cache: Path | None) -> None:
        kept: dict[str, Any] = {"backend": "memory"} if cache is None else _kept_in(cache, base)
        super().__init__(
            expire_after=KEPT, allowable_codes=(200,), filter_fn=_worth_keeping, **kept
        )
        self.settings.disabled = cache is None
        self.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
        self.max_redirects = 5
        # Waiting after 429 is done by the client, as Retry-After says, and not by filling the limiter.
        adapter = _Adapter(per_second=requests_per_second, limit_statuses=())
        for scheme in DEFAULT_PORTS:
            self.mount(f"{scheme}://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a response sends on to, None where it does not."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        here, there = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
        if _origin(here) != _origin(there):
            raise VgstatsError(
                f"{resp.url} sends on to another host: from {_shown(here)} to {_shown(there)}. That "
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


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of an address."""
    return parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)


def _shown(parts: SplitResult) -> str:
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


LONGEST_WAIT = 120.0  # seconds
_PASSING_STATUSES = {429, 500, 502, 503, 504}
_PASSING_FAULTS = (
    requests.ConnectionError,
    requests.Timeout,
    ChunkedEncodingError,
    ContentDecodingError,
)
_log = logging.getLogger(__name__)


class RefusalError(VgstatsError):
    """The source does not take the question itself (400): what is asked for is not there."""


class _PassingError(Exception):
    """A fault that may be gone at the next attempt; `wait` is what the source asks for, seconds."""

    def __init__(self, what: str, wait: float = 0.0) -> None:
        super().__init__(what)
        self.wait = wait


class Client:
    """Asks one source, at its pace, and keeps what it answers for a day.

    Args:
        name: what the source is called in messages.
        address: its base address, such as `https://api.kolada.se/v3`; nothing else is asked.
        requests_per_second: how often it is asked at most; kept answers do not count.
        cache: a folder of the user's own for kept answers; None keeps nothing. Whoever can write in
            it can run code, as the answers are pickled.
        refresh: ask again what is kept, and keep the new answer.
        timeout: seconds to wait for the connection, and for each part of an answer.
        attempts: how often a request is sent at most when faults may pass.
        first_wait: seconds before the second attempt; doubled for each that follows, with some
            randomness, unless the source asks for more (`Retry-After`, at most two minutes).

    Raises:
        VgstatsError: the address is not one of the web, or the folder cannot be made.
    """

    def __init__(
        self,
        name: str,
        address: str,
        requests_per_second: float,
        cache: Path | None,
        refresh: bool = False,
        timeout: tuple[float, float] = (10, 120),
        attempts: int = 6,
        first_wait: float = 1.0,
    ) -> None:
        self.name = name
        self.address = address.rstrip("/")
        self.refresh = refresh
        self.timeout = timeout
        self.attempts = attempts
        self._base = urlsplit(self.address)
        if self._base.scheme not in DEFAULT_PORTS or not self._base.hostname:
            raise VgstatsError(
                f"{name}: {address!r} is not an address of the web. Write https://host/path."
            )
        self._backoff = wait_exponential(first_wait, max=60) + wait_random(0, first_wait)
        try:
            self._session = _Session(self._base, requests_per_second, cache)
        except OSError as error:
            raise VgstatsError(
                f"{name}: the cache cannot be kept in {cache}: {error}. Name another folder."
            ) from None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()  # type: ignore[no-untyped-call]

    def get(self, path_or_url: str, params: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to one request, from the cache where it is younger than a day.

        Args:
            path_or_url: what follows the base address, or a whole address on the same host.
            params: what follows the question mark; commas and brackets are sent as they are.

        Raises:
            RefusalError: the source answers 400.
            VgstatsError: another host would be asked, the source fails, it answers with a web page
                or something too large, or it still fails after all attempts.
        """
        address = self._whole(path_or_url, params or {})
        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=retry_if_exception_type(_PassingError),
            reraise=True,
        )
        try:
            return retrying(self._once, address)
        except _PassingError as fault:
            often = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
            again = ", without --refresh" if self.refresh else ""
            raise VgstatsError(
                f"{self.name}: {address} could not be fetched in {often}; at the last {fault}. Run "
                f"the same command again later{again}: it goes on from what is cached."
            ) from None

    def forget(self, answer: Answer) -> None:
        """Drop a kept answer that turned out to be of no use, so that it is asked again."""
        self._session.cache.delete(urls=[answer.address])

    def _whole(self, path_or_url: str, params: Mapping[str, str]) -> str:
        there = urlsplit(path_or_url)
        if there.scheme not in DEFAULT_PORTS:
            address = f"{self.address}/{path_or_url.lstrip('/')}"
        else:
            # Behind a proxy a source may write its own next address with http.
            if (there.scheme, self._base.scheme) == ("http", "https") and there.port is None:
                there = there._replace(scheme="https")
            if _origin(there) != _origin(self._base):
                raise VgstatsError(
                    f"{self.name}: {path_or_url} is on another host: {_shown(there)} and not "
                    f"{_shown(self._base)}. That is refused."
                )
            address = there.geturl()
        query = urlencode(params, safe=",[]")
        return f"{address}{'&' if '?' in address else '?'}{query}" if query else address

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.wait if isinstance(fault, _PassingError) else 0.0
        wait = max(asked, self._backoff(state))
        number = state.attempt_number
        _log.info("%s: %s; attempt %d follows in %.0f s", self.name, fault, number + 1, wait)
        return wait

    def _once(self, address: str) -> Answer:
        try:
            response = self._session.get(address, timeout=self.timeout, force_refresh=self.refresh)
        except _PASSING_FAULTS as error:
            raise _PassingError(_fault(error, self.timeout)) from None
        except TooManyRedirects:
            raise VgstatsError(
                f"{self.name}: {address} sends on more than {self._session.max_redirects} times. "
                "Check the address in the datasets file ('vgstats fetch --show-datasets')."
            ) from None
        except requests.RequestException as error:
            raise VgstatsError(f"{self.name}: {address} cannot be asked: {error}.") from None
        # The cache says KeyError when a file cannot be written.
        except (KeyError, OSError) as error:
            raise VgstatsError(
                f"{self.name}: the answer cannot be kept in the cache: {error.__cause__ or error}. "
                "Make room, or name another folder for the cache."
            ) from None
        self._check(address, response)
        digest = hashlib.sha256(response.content).hexdigest()
        retrieved = response.headers[RETRIEVED]
        return Answer(address, response.content, digest, retrieved, response.from_cache)

    def _check(self, address: str, response: AnyResponse) -> None:
        status, content = response.status_code, response.content
        if status in _PASSING_STATUSES:
            wait = _asked_wait(response.headers.get("Retry-After", ""))
            raise _PassingError(f"it answered {status} {response.reason}", wait)
        if status != requests.codes.ok:
            words = " ".join(content[:2000].decode("utf-8", "replace").split())[:200]
            kind = RefusalError if status == requests.codes.bad_request else VgstatsError
            raise kind(
                f"{self.name}: {address} answered {status} {response.reason}: {words!r}. Check the "
                "names in the datasets file ('vgstats fetch --show-datasets', '--datasets')."
            )
        if is_web_page(content):
            raise VgstatsError(
                f"{self.name}: {address} answered with a web page, not JSON. Open the address in a "
                "browser: the source may be closed for maintenance, or have moved."
            )
        if not is_whole(content):
            raise _PassingError("the answer was empty or broke off before its end")


def _asked_wait(retry_after: str) -> float:
    """Return the seconds that a `Retry-After` asks for, given as seconds or as a date."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    seconds = (moment - dt.datetime.now(dt.UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _fault(error: requests.RequestException, timeout: tuple[float, float]) -> str:
    if isinstance(error, requests.ConnectTimeout):
        return f"there was no connection within {timeout[0]:g} s"
    if isinstance(error, requests.Timeout):
        return f"nothing came within {timeout[1]:g} s"
    if isinstance(error, (ChunkedEncodingError, ContentDecodingError)):
        return "the answer broke off before its end"
    inner = error.args[0] if error.args else error
    return f"the connection failed ({getattr(inner, 'reason', None) or inner})"

"""The client of one source, against a server on this machine that misbehaves on order."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import pickle
import time
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest
from requests_ratelimiter import LimiterAdapter

from servers import (
    Announced,
    CutHalfway,
    Hangup,
    Html,
    Large,
    Normal,
    Raw,
    Redirect,
    Server,
    Slow,
    Status,
    fk_rows_from_shared_csv,
)
from vgstats.errors import VgstatsError
from vgstats.sources.http import Answer, Client

NEVER = 3600.0  # seconds, or until the server ends
PATH = "ohm-ohalsotal/SJPohttal.json"
VG = {
    "ar": "2024",
    "manad": "12",
    "lan_kod": "14",
    "kommun_kod": "ALL_14",
    "aldersklass_kod": "ALL",
    "kon_kod": "ALL,K,M",
}
Make = Callable[..., Client]


@pytest.fixture
def server(shared: Path) -> Iterator[Server]:
    with Server(fk=fk_rows_from_shared_csv(shared)) as running:
        yield running


@pytest.fixture
def make(server: Server, tmp_path: Path) -> Iterator[Make]:
    """Make clients that wait hardly at all; they keep answers in the same folder."""
    made: list[Client] = []

    def client(**options: object) -> Client:
        usual = {
            "name": "Försäkringskassan",
            "address": server.fk,
            "requests_per_second": 1000,
            "cache": tmp_path / "cache",
            "first_wait": 0.01,
            "attempts": 3,
        }
        made.append(Client(**{**usual, **options}))
        return made[-1]

    yield client
    for one in made:
        one.close()


def test_an_answer_has_the_bytes_their_checksum_and_when_they_came(make: Make, server: Server):
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    answer = make().get(PATH, VG)
    came = dt.datetime.strptime(answer.retrieved, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    assert b'"oht": {"rojd": false, "value": 24.8}' in answer.content
    assert answer.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert before <= came <= dt.datetime.now(dt.UTC)
    assert not answer.from_cache
    # Commas stand as they are, as in the addresses that the source itself shows.
    assert answer.address == (
        f"{server.fk}/{PATH}?ar=2024&manad=12&lan_kod=14&kommun_kod=ALL_14&aldersklass_kod=ALL"
        "&kon_kod=ALL,K,M"
    )


def test_it_says_who_asks(make: Make, server: Server):
    make().get(PATH, VG)
    agent = server.requests[0].agent
    assert agent.startswith("vgstats/0.")
    assert agent.endswith("(follow-up of sick leave; python-requests)")


def test_a_busy_then_failing_source_is_asked_again_after_the_time_it_names(
    make: Make, server: Server
):
    server.script(Status(429, {"Retry-After": "1"}), Status(500))
    answer = make().get(PATH, VG)
    at = [asked.at for asked in server.requests]
    assert b'"oht"' in answer.content
    assert len(at) == 3
    assert 0.95 <= at[1] - at[0] < 3
    assert at[2] - at[1] < 1


def test_retry_after_may_be_a_date(make: Make, server: Server):
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    server.script(Status(429, {"Retry-After": format_datetime(moment, usegmt=True)}))
    make().get(PATH, VG)
    first, second = server.requests
    assert 0.5 < second.at - first.at < 4


@pytest.mark.parametrize("nonsense", ["soon", "-5", "Mon, 99 Foo 2026 00:00:00 GMT", "²"])
def test_a_retry_after_that_makes_no_sense_is_no_hindrance(
    make: Make, server: Server, nonsense: str
):
    server.script(Status(503, {"Retry-After": nonsense.encode().decode("latin-1")}))
    assert make().get(PATH, VG).content


def test_a_retry_after_of_an_hour_is_cut_to_two_minutes(monkeypatch, make: Make, server: Server):
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    server.script(Status(429, {"Retry-After": "3600"}))
    make().get(PATH, VG)
    assert waited == [120.0]


@pytest.mark.parametrize(
    "fault",
    [Status(500), Status(502), Status(503), Status(504), CutHalfway(), Hangup(), Raw(b"")],
    ids=str,
)
def test_a_passing_fault_is_tried_again_and_not_kept(make: Make, server: Server, fault):
    whole = make(cache=None).get(PATH, VG).content
    server.script(fault)
    answer = make().get(PATH, VG)
    assert answer.content == whole
    assert not answer.from_cache
    assert len(server.requests) == 3


def test_json_that_ends_too_early_is_tried_again_though_its_length_is_right(
    make: Make, server: Server
):
    server.script(Raw(b'[{"dimensions": {"ar": "20'))
    assert make().get(PATH, VG).content.endswith(b"]")
    assert len(server.requests) == 2


def test_a_slow_source_is_given_up_and_asked_again(make: Make, server: Server):
    server.script(Slow(NEVER))
    assert make(timeout=(60, 3)).get(PATH, VG).content
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        (Status(503), "it answered 503"),
        (CutHalfway(), "broke off before its end"),
        (Slow(NEVER), "nothing came within 0.1 s"),
        (Hangup(), "the connection failed"),
    ],
    ids=str,
)
def test_after_all_attempts_it_says_what_happened_last_and_how_to_go_on(
    make: Make, server: Server, fault, last: str
):
    server.script(fault, fault, fault)
    with pytest.raises(VgstatsError) as error:
        make(timeout=(60, 0.1 if isinstance(fault, Slow) else 60)).get(PATH, VG)
    message = str(error.value)
    assert last in message
    assert "in 3 attempts" in message
    assert "Run the same command again later: it goes on from what is cached" in message
    assert server.address in message
    assert len(server.requests) == 3


def test_a_source_that_is_not_there_is_named(make: Make):
    with pytest.raises(VgstatsError, match=r"http://127.0.0.1:9/.* the connection failed"):
        make(address="http://127.0.0.1:9", attempts=2).get(PATH)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_told_at_once_with_the_start_of_the_answer(
    make: Make, server: Server, status: int
):
    server.script(Status(status, body=b"Missing selection " + b"x" * 5000))
    with pytest.raises(VgstatsError) as error:
        make().get(PATH, VG)
    message = str(error.value)
    assert f"answered {status}" in message
    assert server.fk in message
    assert "Missing selection xxx" in message
    assert message.count("x") < 200
    assert len(server.requests) == 1


def test_a_web_page_is_not_taken_for_figures(make: Make, server: Server):
    server.script(Html(), Html(b"\xef\xbb\xbf \n<html></html>"))
    for _ in range(2):
        with pytest.raises(VgstatsError, match=r"127\.0\.0\.1.* a web page, not JSON"):
            make().get(PATH, VG)
    assert make().get(PATH, VG).content.startswith(b"[")


def test_a_redirect_on_the_same_host_is_followed_and_kept(make: Make, server: Server):
    server.script(Redirect())
    first = make().get(PATH, VG)
    second = make().get(PATH, VG)
    assert b'"oht"' in first.content
    assert second.from_cache
    assert second.content == first.content
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://localhost:{port}/x",
        "http://127.0.0.1:1/x",
        "https://127.0.0.1:{port}/x",
        "//[::1]/x",
    ],
)
def test_a_redirect_to_another_host_is_refused_and_both_are_named(
    make: Make, server: Server, elsewhere: str
):
    to = elsewhere.format(port=server.address.rsplit(":", 1)[1])
    server.script(Redirect(to))
    with pytest.raises(VgstatsError) as error:
        make().get(PATH, VG)
    assert f"from {server.address} to " in str(error.value)
    assert to.split("//")[1].split("/")[0] in str(error.value)
    assert len(server.requests) == 1


def test_redirects_without_end_are_given_up(make: Make, server: Server):
    server.script(*[Redirect()] * 8)
    with pytest.raises(VgstatsError, match="sends on more than 5 times"):
        make().get(PATH, VG)
    assert len(server.requests) == 6


@pytest.mark.parametrize("address", ["http://example.org/v3/x", "https://127.0.0.1/x"])
def test_an_address_on_another_host_is_never_asked(make: Make, server: Server, address: str):
    with pytest.raises(VgstatsError, match="another host") as error:
        make().get(address)
    assert server.address in str(error.value)
    assert not server.requests


def test_a_host_of_its_own_that_is_written_with_two_slashes_stays_a_path(
    make: Make, server: Server
):
    with pytest.raises(VgstatsError, match="404"):
        make().get("//example.org/x")
    assert server.requests[0].path == "/fk/public/v1/example.org/x"


def test_a_next_address_that_lost_its_encryption_is_asked_with_it(make: Make):
    client = make(address="https://127.0.0.1/v3", attempts=1)
    with pytest.raises(VgstatsError, match=r"https://127\.0\.0\.1/v3/x\?page=2 .*1 attempt"):
        client.get("http://127.0.0.1/v3/x?page=2")


def test_an_answer_announced_as_larger_than_a_gibibyte_is_refused_unread(
    make: Make, server: Server
):
    server.script(Announced(2**30 + 1))
    with pytest.raises(VgstatsError, match=r"announced as 1\.0 GiB"):
        make().get(PATH, VG)
    assert len(server.requests) == 1


def test_a_table_of_many_megabytes_arrives_whole_and_is_kept(make: Make, server: Server):
    megabytes = int(os.environ.get("VGSTATS_LARGE_MEGABYTES", "20"))  # FK's largest has 135
    server.script(Large(megabytes))
    first = make().get(PATH)
    second = make().get(PATH)
    assert len(first.content) >= megabytes * 1_000_000
    assert first.content.endswith(b"]")
    assert second.from_cache
    assert (second.sha256, second.retrieved) == (first.sha256, first.retrieved)


def test_a_second_run_takes_all_from_the_cache_with_the_time_it_really_came(
    make: Make, server: Server
):
    first = make().get(PATH, VG)
    while dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == first.retrieved:
        time.sleep(0.05)
    second = make().get(PATH, VG)
    assert second == Answer(first.address, first.content, first.sha256, first.retrieved, True)
    assert len(server.requests) == 1


def test_a_kept_answer_is_the_same_to_the_byte(make: Make, server: Server):
    written = '[ {"a":1.50,\n"b" : "\\u00e5 å"}]\n'.encode()
    server.script(Raw(written))
    make().get(PATH, VG)
    kept = make().get(PATH, VG)
    assert kept.from_cache
    assert kept.content == written


def test_refresh_asks_again_and_keeps_the_new_answer(make: Make, server: Server):
    make().get(PATH, VG)
    server.script(Raw(b'[{"new": 1}]'))
    assert make(refresh=True).get(PATH, VG).content == b'[{"new": 1}]'
    kept = make().get(PATH, VG)
    assert kept.content == b'[{"new": 1}]'
    assert kept.from_cache
    assert len(server.requests) == 2


def test_a_failed_refresh_says_that_it_would_ask_all_again(make: Make, server: Server):
    server.script(*[Status(503)] * 3)
    with pytest.raises(VgstatsError, match="without --refresh"):
        make(refresh=True).get(PATH, VG)


def test_an_empty_list_is_given_but_not_kept(make: Make, server: Server):
    wrong = {**VG, "kommun_kod": "14_ALL"}
    for _ in range(2):
        answer = make().get(PATH, wrong)
        assert answer.content == b"[]"
        assert not answer.from_cache
    assert len(server.requests) == 2


def test_a_forgotten_answer_is_asked_again(make: Make, server: Server):
    client = make()
    client.forget(client.get(PATH, VG))
    assert not client.get(PATH, VG).from_cache
    assert len(server.requests) == 2


def test_without_a_cache_nothing_is_kept(make: Make, server: Server, tmp_path: Path):
    client = make(cache=None)
    client.get(PATH, VG)
    assert not client.get(PATH, VG).from_cache
    assert list(tmp_path.iterdir()) == []


def test_an_answer_older_than_a_day_is_asked_again_and_swept_away(
    make: Make, server: Server, tmp_path: Path
):
    make().get(PATH, VG)
    (kept,) = (tmp_path / "cache").rglob("*.pkl")
    day_ago = time.time() - 25 * 3600
    os.utime(kept, (day_ago, day_ago))
    client = make()
    assert not kept.exists()
    assert not client.get(PATH, VG).from_cache


def test_a_kept_answer_that_was_half_written_is_asked_again(
    make: Make, server: Server, tmp_path: Path
):
    whole = make().get(PATH, VG)
    (kept,) = (tmp_path / "cache").rglob("*.pkl")
    assert pickle.loads(kept.read_bytes())  # noqa: S301 - our own
    for broken in (kept.read_bytes()[:200], b"", b"nonsense"):
        kept.write_bytes(broken)
        again = make().get(PATH, VG)
        assert not again.from_cache
        assert again.content == whole.content


def test_a_cache_that_cannot_be_a_folder_is_told(make: Make, tmp_path: Path):
    (tmp_path / "file").write_text("here already")
    with pytest.raises(VgstatsError, match="Name another folder"):
        make(cache=tmp_path / "file")


def test_an_answer_that_cannot_be_kept_is_told(make: Make, server: Server, tmp_path: Path):
    client = make()
    (folder,) = (tmp_path / "cache").iterdir()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    with pytest.raises(VgstatsError, match="cannot be kept in the cache"):
        client.get(PATH, VG)


def test_the_source_is_not_asked_more_often_than_allowed(make: Make, server: Server):
    client = make(requests_per_second=5)
    for year in range(2011, 2023):
        client.get(PATH, {**VG, "ar": str(year)})
    at = [asked.at for asked in server.requests]
    for start in at:
        assert sum(start <= moment < start + 0.9 for moment in at) <= 6
    assert at[-1] - at[0] > 1.5


def test_what_is_kept_is_not_slowed_down(make: Make, monkeypatch):
    client = make()
    client.get(PATH, VG)
    monkeypatch.setattr(LimiterAdapter, "send", lambda *_, **__: pytest.fail("it waits its turn"))
    assert client.get(PATH, VG).from_cache


@pytest.mark.parametrize("address", ["", "api.kolada.se/v3", "file:///etc/passwd", "https://"])
def test_a_base_address_that_is_none_is_refused(make: Make, address: str):
    with pytest.raises(VgstatsError, match="is not an address of the web"):
        make(address=address)


def test_the_normal_answer_comes_after_the_script(make: Make, server: Server):
    server.script(Normal(), Status(404))
    assert make(cache=None).get(PATH, VG).content
    with pytest.raises(VgstatsError):
        make(cache=None).get(PATH, VG)

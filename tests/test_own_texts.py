"""A region's own agreements, remarks, answers and sources: checked at the door, kept, and read by its reports."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from commands import vgstats
from intake import put, snapshot
from support import ROOT, blocks, followup
from vgstats import VgstatsError
from vgstats.batch.plan import plan, read_batches
from vgstats.batch.round import Keys
from vgstats.catalogue.agreements import Agreement, all_agreements, bundled_agreements
from vgstats.catalogue.texts import OWN_TEXTS, OwnWords
from vgstats.ingest import bring_in
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import gather
from vgstats.reports.uppfoljning import Parameters, Uppfoljning
from vgstats.sources.own_parts import INSIDE, PARTS, not_written
from vgstats.store.store import Store

EXAMPLE = ROOT / "params" / "ovning" / "texter" / "koordinering.yaml"
PARAMS = ROOT / "params" / "ovning" / "egen-overenskommelse.yaml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
ID = "koordinering-pahittad"


def own(folder: Path, *changes: tuple[str, str], name: str = "egna.yaml") -> Path:
    """The worked example with some of its words changed, each once."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return put(folder, text, name)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("agreements:", "agrements:", ["'agrements' is unknown", "Did you mean 'agreements'?"]),
        ("answers:\n", "answers: 5\nx:\n", ["there is no list of answers"]),
        ("  - source: plan", "  - plan\n  - source: plan", ["sources, entry 1", "no entry with keys"]),
        ("    short_name: K", "    shortname: K", ["key shortname", "Did you mean 'short_name'?"]),
        ("    short_name: Koordineringen\n", "", ["key short_name: the key is missing"]),
        ("Koordineringen", "Koordinering 3", ["key short_name", "write them in letters"]),
        ("Koordineringen", "K" * 61, ["key short_name: 61 signs are too many: at most 60"]),
        ("En påhittad överensk", "x" * 3000, ["key text", "signs are too many: at most 3000"]),
        (f"id: {ID}", "id: Min plan", ["key id", "small letters a-z, digits and -"]),
        (f"id: {ID}", "id: timra-2018-2019", ["key id", "'timra-2018-2019' is taken"]),
        ('area: "13"', "area: 13", ["key area: 13 is no text", "in quotation marks"]),
        ('area: "13"', 'area: "1"', ["key area: '1' is no area"]),
        ('area: "13"', "area: Halland län", ["Did you mean 'Hallands län'?"]),
        ('area: "13"', "area: riket", ["key area", "riket is no area of a region"]),
        ('start: "2016-03-01"', 'start: "2016-02-31"', ["key start: there is no day 2016-02-31"]),
        ('start: "2016-03-01"', 'start: "2016-03"', ["key start: '2016-03' is no day"]),
        ('end: "2018-12-31"', 'end: "2015-12-31"', ["key end: 2015-12-31 does not come after"]),
        ("    source: plan-p", "    source: plan-q", ["key source: 'plan-q", "not a known source"]),
        ("grant_measure: ko", "grant_measure: ki", ["key grant_measure", "not a known measure"]),
        ("    recipient: Regionen\n", "", ["key recipient: whose is the money"]),
        ("    source: plan-pahittad\n    grant", "    own: true\n    source: plan-pahittad\n    grant",
         ["key own: the key is unknown"]),
        ("measure: ohalsotal", "measure: ohalsotalet",
         [f"agreements, entry 1 ({ID}), goals, entry 1, key measure", "Did you mean 'ohalsotal'?"]),
        ("set_by: Regionen", "setby: Regionen", ["goals, entry 1, key setby", "Did you mean 'set_by'?"]),
        ("{target} dagar", "mindre", ["goals, entry 1, key aim: the target stands nowhere"]),
        ("{target} dagar", "{mal} dagar", ["goals, entry 1, key aim: the target stands nowhere"]),
        ("        target: 25\n", "", ["goals, entry 1, key aim: braces stand for the target"]),
        ("target: 25", 'target: "25"', ["goals, entry 1, key target: '25' will not do"]),
        ('by: "2018-12"', 'by: "2018-13"', ["goals, entry 1, key by", "2018-13"]),
        ("at_least: true", "at_least: ja", ["goals, entry 2, key at_least: 'ja' will not do"]),
        ("{koordinatorer} k", "{koordinatore} k",
         ["actions, entry 1, key volume: 'koordinatore' is not a known measure", "'koordinatorer'?"]),
        ("{koordinatorer} k", "{koordinatorer k", ["actions, entry 1, key volume: a brace is not closed"]),
        ("{koordinatorer} k", "{koordinatorer.a} k", ["key volume: braces hold the id of a measure"]),
        ("field: Kunskap", "field: Kunskap\n        fields: x", ["actions, entry 2, key fields", "'field'?"]),
        ("En påhittad utv", "En {x} utv", ["evaluation, key text: there are braces in it"]),
        ("topic: kalla", "topic: källa", [", remarks, entry 1, key topic: 'källa' will not do"]),
        ("topic: kalla", "topic: kalla\n    period: '2018'", ["remarks, entry 1, key period: the key is unknown"]),
        (f"agreement: {ID}", "agreement: koordinering-pahittat",
         ["answers, entry 1 (Vad gick bra?), key agreement", f"Did you mean '{ID}'?"]),
        ("author: P", "by: P", ["answers, entry 1", "key by: the key is unknown"]),
        ("Koordinatorerna kom", "Koordinatorerna \u202ekom", ["answers, entry 1", "a sign that nobody sees"]),
        ("source: plan-pahittad", "source: fk-2007-8", ["sources, entry 1 (fk-2007-8), key source", "is taken"]),
        ("title: En", "title: Plan 43 en", ["sources, entry 1", "key title", "write them in letters"]),
        ("address: https", "address: h ttps", ["sources, entry 1 (plan-pahittad), key address", "no blanks"]),
        ("kind: count", "kind: antal", ["measures, entry 1 (koordinatorer), key kind"]),
        ("sources:", "sources: [}", ["not valid YAML"]),
        ("name: P", "name: x\n    name: P", ["the key 'name' stands twice"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_file_entry_and_key_and_nothing_is_kept(tmp_path, old, new, said):
    file = own(tmp_path, (old, new))
    done = vgstats("import", file, "--store", tmp_path / "store")
    told = " ".join(done.stderr.split())
    assert done.returncode == 2 and "egna.yaml" in told
    assert all(part in told for part in said), told
    assert not (tmp_path / "store").exists()


def kept(folder: Path, *changes: tuple[str, str], name: str = "egna.yaml") -> Store:
    """A store that the example, with changes, was brought into."""
    store = Store(folder / "store")
    bring_in([own(folder, *changes, name=name)], store)
    return store


def parameters(lan: str = "13", intervention: str = ID) -> Parameters:
    return Parameters(lan=lan, before="2015-12", after="2018-12", intervention=intervention)


def bundle(store: Store, lan: str = "13", intervention: str = ID, known_by=None) -> Bundle:
    return gather(Uppfoljning.request(parameters(lan, intervention)), store, known_by)


def test_the_store_keeps_each_text_with_its_file_and_moment_and_names_the_former(tmp_path):
    store = kept(tmp_path)
    first = store.declared().texts
    assert {type(one.entry).__name__ for one in first} == {
        "Agreement",
        "Remark",
        "OwnWords",
        "Source",
    }
    assert {(one.address, len(one.sha256), one.replaced) for one in first} == {
        ("egna.yaml", 64, "")
    }
    kept(tmp_path, ("tidigare än", "senare än"))
    answers = [one for one in store.declared().texts if isinstance(one.entry, OwnWords)]
    assert [bool(one.replaced) for one in answers] == [True, False]
    assert answers[0].replaced == answers[1].retrieved > answers[0].retrieved
    unchanged = [one for one in store.declared().texts if not isinstance(one.entry, OwnWords)]
    assert unchanged == [one for one in first if not isinstance(one.entry, OwnWords)]
    shown = " ".join(vgstats("store", "--store", store.folder).stdout.split())
    assert (
        f"an agreement of your own, {ID}" in shown and f", replaced {answers[0].replaced}" in shown
    )


def test_the_same_file_once_more_changes_nothing_and_one_with_another_name_takes_over(tmp_path):
    store = kept(tmp_path)
    before = snapshot(store)
    kept(tmp_path)
    assert snapshot(store) == before
    kept(tmp_path, name="andra.yaml")
    kept(tmp_path, ("tidigare än", "senare än"), name="andra.yaml")
    assert {one.address for one in store.declared().texts} == {"andra.yaml"}
    assert sum(isinstance(one, OwnWords) for one in store.declared().now()) == 1


def test_an_id_of_another_file_is_taken(tmp_path):
    store = kept(tmp_path)
    file = own(tmp_path, ("Påhittad överenskommelse", "En annan"), name="andra.yaml")
    with pytest.raises(VgstatsError, match=rf"key id: '{ID}' is taken.*another file of yours"):
        bring_in([file], store)


def test_what_another_file_names_is_not_taken_out(tmp_path):
    store = kept(tmp_path)
    words = {"heading": "x", "text": "x", "author": "x", "area": "13", "agreement": ID}
    bring_in([put(tmp_path, yaml.safe_dump({"answers": [words]}), "svar.yaml")], store)
    with pytest.raises(
        VgstatsError, match=rf"egna\.yaml: the agreement '{ID}' does not stand in it any"
    ):
        kept(tmp_path, (f"id: {ID}", "id: en-annan"), (f"agreement: {ID}", "agreement: en-annan"))


def test_a_source_of_two_files_stays_while_one_of_them_names_it(tmp_path):
    store = kept(tmp_path)
    described = yaml.safe_load(TEXT)["sources"]
    remark = {"topic": "kalla", "area": "14", "text": "x", "source": "plan-pahittad"}
    text = yaml.safe_dump({"sources": described, "remarks": [remark]})
    bring_in([put(tmp_path, text, "andra.yaml")], store)
    text = text.replace("plan-pahittad", "en-annan")
    bring_in([put(tmp_path, text, "andra.yaml")], store)
    assert bundle(store).sources.loc["plan-pahittad", "short"] == "Planen"


def test_two_files_of_one_name_are_refused_together(tmp_path):
    (tmp_path / "b").mkdir()
    files = [own(tmp_path), own(tmp_path / "b")]
    with pytest.raises(VgstatsError, match="has the same name"):
        bring_in(files, Store(tmp_path / "store"))


def test_a_broken_file_beside_a_good_one_keeps_neither(tmp_path):
    store = kept(tmp_path)
    before = snapshot(store)
    good = own(tmp_path, ("tidigare än", "senare än"))
    bad = put(tmp_path, "answers:\n  - {heading: x}\n", "fel.yaml")
    with pytest.raises(VgstatsError, match=r"fel\.yaml, answers, entry 1 \(x\), key text"):
        bring_in([good, bad], store)
    assert snapshot(store) == before


def test_an_older_store_opens_and_takes_texts(tmp_path):
    shutil.copytree(ROOT / "tests" / "store" / "of_commit_cf3b498", tmp_path / "store")
    assert kept(tmp_path).declared().now()
    declared = json.loads((tmp_path / "store" / "measures.json").read_text(encoding="utf-8"))
    del declared["texts"]
    put(tmp_path / "store", json.dumps(declared), "measures.json")
    assert [one.measure.id for one in Store(tmp_path / "store").open_measures()] == [
        "koordinatorer",
        "koordineringsmedel",
    ]


def test_a_store_knows_no_other_stores_agreements(tmp_path):
    kept(tmp_path)
    assert ID in all_agreements()
    Store(tmp_path / "other")
    assert all_agreements() == bundled_agreements()


def test_parameters_name_an_own_agreement_with_the_checks_of_the_others(tmp_path):
    kept(tmp_path)
    assert parameters().intervention == ID
    for wrong, said in (
        (("14", ID), "belongs to Hallands län, not to Västra Götalands län"),
        (("13", "koordinering-pahitad"), f"Did you mean '{ID}'"),
    ):
        with pytest.raises(ValueError, match=said):
            parameters(*wrong)
    with pytest.raises(ValueError, match="ran from 2016-03-01 to 2018-12-31"):
        Parameters(lan="13", before="2019-12", after="2021-12", intervention=ID)


def test_a_bundle_carries_its_texts_to_where_no_store_is(tmp_path):
    made = bundle(kept(tmp_path))
    assert [type(one).__name__ for one in made.texts.own()] == [
        "Agreement",
        "Remark",
        "OwnWords",
        "Source",
    ]
    made.write(tmp_path / "bundle", parameters().model_dump(mode="json"))
    Store(tmp_path / "none")
    again = followup("13", "2015-12", "2018-12", intervention=ID, bundle=str(tmp_path / "bundle"))
    assert again.texts == made.texts and again.figures_digest == made.digest()
    assert again.agreement == made.texts.agreements[-1]
    assert made.sources.loc["plan-pahittad", ["short", "kind"]].tolist() == ["Planen", "own"]


def test_a_report_opens_in_jupyterlab_with_an_own_agreement(tmp_path, monkeypatch):
    store = kept(tmp_path)
    monkeypatch.setenv("VGSTATS_STORE", str(store.folder))
    report = followup("13", "2015-12", "2018-12", intervention=ID)
    assert isinstance(report.agreement, Agreement) and report.agreement.own
    assert report.texts.answers[0].heading == "Vad gick bra?"
    assert "plan-pahittad" in report.named_sources().index


def test_the_texts_are_in_the_digest_of_the_reports_that_read_them_alone(tmp_path):
    reports = [("13", ID), ("13", ""), ("14", "")]
    store = kept(tmp_path)
    empty = Store(tmp_path / "empty")
    bare = [bundle(empty, lan, "").digest() for lan in ("13", "14")]
    store.open_measures()
    before = [bundle(store, *one).digest() for one in reports]
    assert before[2] == bare[1] and before[1] != bare[0]  # its county has a remark
    kept(tmp_path, ("tidigare än", "senare än"))
    after = [bundle(store, *one).digest() for one in reports]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]
    kept(tmp_path, ("tidigare än", "senare än"), ("inte lika många", "olika många"))
    last = [bundle(store, *one).digest() for one in reports]
    assert [old == new for old, new in zip(after, last, strict=True)] == [False, False, True]


def test_a_change_of_the_file_makes_a_run_look_at_the_figures(tmp_path):
    store = kept(tmp_path)
    (job,) = read_batches([PARAMS], store, keep=False)[0].jobs
    before = Keys(store, {})._files(job)
    kept(tmp_path, ("tidigare än", "senare än"))
    assert Keys(Store(store.folder), {})._files(job) != before


def test_texts_are_seen_as_they_were(tmp_path):
    store = kept(tmp_path)
    first = bundle(store)
    kept(tmp_path, ("tidigare än", "senare än"))
    second = bundle(store)
    without = TEXT[: TEXT.index("answers:")]
    bring_in([put(tmp_path, without, "egna.yaml")], store)
    third = bundle(store)
    assert not third.texts.answers
    moments = [one.vintages[OWN_TEXTS] for one in (first, second, third)]
    assert moments == sorted(set(moments))
    for then in (first, second, third):
        assert bundle(store, known_by=then.vintages).digest() == then.digest()


def test_check_writes_nothing_and_knows_the_texts_beside_the_file(tmp_path):
    done = vgstats("check", PARAMS, "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert "1 report, all valid." in done.stdout and not (tmp_path / "store").exists()
    dry = vgstats("render", PARAMS, "--dry-run", "--store", tmp_path / "store", "--out", tmp_path)
    assert "1 to make" in dry.stdout and not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("own: borta.yaml", ["borta.yaml: cannot be read"]),
        ("own: [[a]]", ["some.yaml: own: ['a'] will not do", "or a list of such names"]),
        ("ovn: x.yaml", ["unknown key 'ovn'", "Did you mean 'own'?"]),
    ],
)
def test_a_parameter_file_that_names_no_such_file_says_so(tmp_path, beside, said):
    text = f'report: kommun\nlan: ["13"]\nkommun: alla\nbefore: "2015-12"\nafter: "2018-12"\n{beside}\n'
    done = vgstats("check", put(tmp_path, text, "some.yaml"), "--store", tmp_path / "store")
    told = " ".join(done.stderr.split())
    assert done.returncode == 2 and all(part in told for part in said), told


def test_the_worked_example_is_planned_with_its_texts(tmp_path):
    (job,) = plan(PARAMS, Store(tmp_path / "store")).jobs
    report = Uppfoljning(job.parameters, job.bundle)
    assert report.agreement is not None and report.agreement.goals[0].area == "lan:13"
    assert report.remarks("kalla")[-1].text.startswith("Planen och dess bilaga")


@pytest.mark.parametrize("area", ["13", "1380 Halmstad"])
def test_an_agreement_with_every_key_makes_every_part_of_a_report(tmp_path, area):
    start, end = TEXT.index("    actions:"), TEXT.index("remarks:")
    every = {
        "part_of": "overenskommelser-2016-2018",
        "chosen_for_high": "ohalsotal",
        "own_money_measure": "koordineringsmedel",
        "figures": "[koordinatorer]",
        "more_sources": "[fk-2007-8]",
        "grant_terms": "Hälften var fast.",
        "own_money_terms": "Ur budgeten.",
        "paid_years_later": "1",
    }
    more = "".join(f"    {key}: {value}\n" for key, value in every.items())
    changes = ((TEXT[start:end], more), ('area: "13"', f'area: "{area}"'))
    figures = ROOT / "params" / "ovning" / "texter" / "koordinering.csv"
    store = tmp_path / "store"
    done = vgstats("import", own(tmp_path, *changes), figures, "--store", store, "--publisher", "X")
    assert done.returncode == 0, done.stderr
    text = PARAMS.read_text(encoding="utf-8")
    text = re.sub("(own|words): .*\n", "", text)
    (job,) = plan(put(tmp_path, text, "some.yaml"), Store(store)).jobs
    shown = blocks(Uppfoljning(job.parameters, job.bundle))
    assert all(block.html() is not None for block in shown.values())
    assert "Medel till koordinering" in shown["money"].html()


def test_an_agreement_of_another_county_says_where_to_change_it(tmp_path):
    kept(tmp_path).open_measures()
    with pytest.raises(ValueError, match=r"change area in the file that own names to '18'"):
        parameters("18")


def test_an_agreement_that_only_the_store_has_is_told_as_such(tmp_path):
    shutil.copytree(PARAMS.parent, tmp_path / "params")
    file, store = tmp_path / "params" / PARAMS.name, tmp_path / "store"
    own_file = tmp_path / "params" / "texter" / EXAMPLE.name
    assert vgstats("import", own_file, "--store", store).returncode == 0
    said = f"{file}: intervention '{ID}' is as the store has it, from {EXAMPLE.name}"
    assert said not in vgstats("check", file, "--store", store).stdout
    text = re.sub("own: .*\n", "", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    done = vgstats("check", file, "--store", store)
    assert said in done.stdout and done.returncode == 0, done.stdout + done.stderr


def test_what_is_missing_names_nothing_that_the_report_shows(tmp_path):
    """An agreement with goals and actions and no money lacks the grants alone."""
    shutil.copytree(ROOT / "params" / "eget", tmp_path / "eget")
    file = tmp_path / "eget" / "mitt-lan.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"# (own|intervention):", r"\1:", text), encoding="utf-8")
    (job,) = plan(file, Store(tmp_path / "store")).jobs
    report = Uppfoljning(job.parameters, job.bundle)
    shown = blocks(report)
    assert "mal" in shown["goals"].html() and "insatser" in shown["actions"].html()
    assert "Statsbidrag i länet finns inte bland uppgifterna." in report.left_out
    assert not any(one.startswith("Mål") for one in report.left_out)


def test_the_document_describes_every_key_and_holds_the_worked_example():
    text, of_requirements = (
        (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for name in ("egna-overenskommelser", "egna-krav")
    )
    models = [*PARTS.values(), *INSIDE.values()]
    keys = {name for model in models for name in {*model.model_fields} - not_written(model)}
    told = text + of_requirements
    assert not [key for key in (*keys, *PARTS, *INSIDE, "own") if f"`{key}`" not in told]
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert yaml.safe_load(examples[0]) == yaml.safe_load(TEXT)
    assert yaml.safe_load(examples[1]) == yaml.safe_load(PARAMS.read_text(encoding="utf-8"))

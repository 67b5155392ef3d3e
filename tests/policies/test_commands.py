"""The three commands about packs: what scripts read from them, and that they need no database."""

import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from policies.catalogue import shipped, shipped_ids
from policies.coverage import coverage
from policies.engine.facts import FACT_NAMES
from policies.engine.vocabulary import Met
from safeguarding.embedded import environment
from tests.policies.linting.clean import CLEAN

# Nothing listens there.
NOWHERE = "postgres://nobody:nothing@127.0.0.1:1/none"
HEAD_FACTS = {"types": ["staff_misuse"], "alleged": ["headteacher"]}
_FACTS = f"Facts are: {', '.join(FACT_NAMES)}."


def run(*arguments: str, given: str | bytes = "", **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a script does, with no database within reach."""
    values = environment.for_tests(os.environ) | {"DATABASE_URL": NOWHERE} | changes
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=values,
        cwd=settings.BASE_DIR,
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=120,
        check=False,
    )


def called(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def facts_file(folder: Path, facts: Any) -> str:
    path = folder / "facts.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    return str(path)


def explained(folder: Path, pack: str, facts: Any) -> Any:
    return json.loads(called("pack_explain", pack, "--facts", facts_file(folder, facts), "--json"))


def refused(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        called(*arguments)
    return error.value.returncode, str(error.value)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A school's own file."""
    path = tmp_path / "hazel-2026.yaml"
    path.write_text(CLEAN.replace("extends: [floor]", "extends: [england-statutory]"))
    return path


# pack_check


def test_every_shipped_pack_can_be_used_and_is_listed_by_name() -> None:
    outcome = run("pack_check")

    assert (outcome.returncode, outcome.stderr) == (0, b"")
    said = outcome.stdout.decode()
    assert [line.split(":")[0] for line in said.splitlines() if not line.startswith(" ")] == shipped_ids()
    assert "england-statutory: can be used, nothing found" in said
    assert "  7.3.4: numbering_gap: 7.3.4 follows 7.3.2. There is no 7.3.3." in said


def test_findings_are_a_sorted_list_for_scripts() -> None:
    outcome = run("pack_check", "--json")

    found = json.loads(outcome.stdout)
    assert outcome.returncode == 0
    assert {tuple(line) for line in found} == {("pack", "clause", "kind", "text")}
    assert [line["pack"] for line in found] == sorted(line["pack"] for line in found)
    assert "numbering_gap" in {line["kind"] for line in found if line["pack"] == "shipbourne-2018"}
    assert json.loads(called("pack_check", "--json")) == found


def test_packs_are_checked_by_id_and_by_path_each_once(policy: Path) -> None:
    said = called("pack_check", "starter", str(policy), "starter")

    assert [line.split(":")[0] for line in said.splitlines() if not line.startswith(" ")] == ["hazel-2026", "starter"]


def test_a_faulty_pack_fails_with_every_fault(policy: Path) -> None:
    policy.write_text(policy.read_text().replace("due: 2026-11", "due: soon").replace("layer: school", "layer: trust"))

    outcome = run("pack_check", str(policy), "--json")
    text = run("pack_check", str(policy)).stdout.decode()

    place = "hazel-2026.yaml"
    sentences = [
        f"{place}: layer: cannot be 'trust'. Allowed: floor, partnership, school.",
        f"{place}: review.due: must be a year and a month such as 2019-09, not 'soon'.",
    ]
    assert outcome.returncode == 1
    assert json.loads(outcome.stdout) == [
        {"pack": "hazel-2026", "clause": "", "kind": "error", "text": sentence} for sentence in sentences
    ]
    assert text.splitlines() == ["hazel-2026: cannot be used, 2 faults", *(f"  {sentence}" for sentence in sentences)]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hogwarts", f"hogwarts: is not a pack. Allowed: {', '.join(shipped_ids())}."),
        ("nowhere/hogwarts.yaml", "hogwarts.yaml: is not there. Check the path."),
    ],
)
def test_a_pack_that_is_not_there_cannot_be_used(name: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("pack_check", name, "--json")

    assert stopped.value.code == 1
    said = {"pack": "hogwarts", "clause": "", "kind": "error", "text": sentence}
    assert json.loads(capsys.readouterr().out) == [said]


def test_a_pack_whose_layers_do_not_hold_cannot_be_used(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy.write_text(policy.read_text().replace("extends: [england-statutory]", "extends: [england]"))

    with pytest.raises(SystemExit) as stopped:
        call_command("pack_check", str(policy))

    assert stopped.value.code == 1
    assert "hazel-2026.yaml: extends: names 'england', which is not there. Allowed: " in capsys.readouterr().out


def test_words_are_written_in_utf_8_whatever_the_terminal_is() -> None:
    outcome = run("pack_check", "shipbourne-2018", LC_ALL="C", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")

    assert "“" in outcome.stdout.decode("utf-8")
    assert outcome.returncode == 0


# pack_explain


def test_a_decision_has_the_shape_of_the_contract(tmp_path: Path) -> None:
    outcome = run("pack_explain", "shipbourne-2018", "--facts", facts_file(tmp_path, HEAD_FACTS), "--json")

    decision = json.loads(outcome.stdout)
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert list(decision) == ["pack", "edition", "layers", "obligations", "access", "escalation"]
    assert decision["layers"] == ["england-statutory", "kent-partnership", "shipbourne-2018"]
    lado = next(one for one in decision["obligations"] if (one["kind"], one["target"]) == ("consult", "lado"))
    assert (lado["owner"], lado["within"]) == ("chair_of_governors", "1 working day")
    assert decision["access"]["never"] == ["subject"]


def test_facts_come_from_standard_input_as_well(tmp_path: Path) -> None:
    from_input = run("pack_explain", "starter", "--facts", "-", "--json", given="\ufeff" + json.dumps(HEAD_FACTS))

    assert json.loads(from_input.stdout) == explained(tmp_path, "starter", HEAD_FACTS)


def test_a_list_of_facts_has_a_list_of_decisions_in_its_order(tmp_path: Path) -> None:
    cases = [{"types": ["nudes"]}, HEAD_FACTS, {"category": "commerce"}]

    decisions = explained(tmp_path, "starter", cases)

    assert decisions == [explained(tmp_path, "starter", case) for case in cases]
    assert explained(tmp_path, "starter", cases[:1]) == decisions[:1]
    assert explained(tmp_path, "starter", []) == []


def test_a_school_s_own_file_is_explained(policy: Path, tmp_path: Path) -> None:
    decision = explained(tmp_path, str(policy), {"types": ["nudes"]})

    assert (decision["pack"], decision["layers"]) == ("hazel-2026", ["england-statutory", "hazel-2026"])


def test_a_decision_can_be_read_by_people(tmp_path: Path) -> None:
    path = facts_file(tmp_path, {"types": ["nudes"]})

    said = called("pack_explain", "shipbourne-2018", "--facts", path)

    assert said.splitlines()[0].endswith(
        "(shipbourne-2018, 2018-09) on england-statutory, kent-partnership, shipbourne-2018"
    )
    assert "  must: Tell the Designated Safeguarding Lead (the person who logged it), immediately" in said
    assert "    The school's policy does not say this." in said
    assert "  May see the case: " in said
    assert "because: " not in said
    assert "    because: it is nude or semi-nude images of a pupil" in called(
        "pack_explain", "shipbourne-2018", "--facts", path, verbosity=2
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"typ": "nudes"}, f"'typ' is not a fact. {_FACTS}"),
        ({"types": ["nudes"], "crime": "maybe"}, "crime cannot be 'maybe'. Allowed: no, unsure, suspected."),
        ({}, "Give at least a category or types."),
        (
            [{"types": ["nudes"]}, {"crime": "maybe", "typ": 1}, 3],
            "Number 2 of the list: crime cannot be 'maybe'. Allowed: no, unsure, suspected.\n"
            f"Number 2 of the list: 'typ' is not a fact. {_FACTS}\n"
            'Number 3 of the list: Give one JSON object such as {"types": ["nudes"]}, or a list of them.',
        ),
        ("nudes", "The facts are not JSON (line 1: Expecting value)."),
        ('"nudes"', 'Give one JSON object such as {"types": ["nudes"]}, or a list of them.'),
        ("", "The facts are not JSON (line 1: Expecting value)."),
        ('{"serious": true, "serious": false}', "'serious' stands twice in one object. Keep one of them."),
        ("[" * 100_000, "The facts are nested too deeply."),
        (f'{{"category": {"9" * 5_000}}}', "The facts hold a number that is too long to read."),
        (f'{{"{"a" * 99}": 1, "{"a" * 99}": 2}}', f"'{'a' * 60}'… stands twice in one object. Keep one of them."),
    ],
)
def test_facts_that_are_not_known_are_refused_with_what_is_allowed(tmp_path: Path, facts: Any, sentence: str) -> None:
    code, said = refused("pack_explain", "starter", "--facts", facts_file(tmp_path, facts), "--json")

    assert code == 2
    assert said.startswith(sentence)


def test_a_question_asked_wrongly_is_answered_on_standard_error(tmp_path: Path) -> None:
    path = facts_file(tmp_path, {"types": ["sexting"]})

    asked = [
        ("starter", "--facts", path),
        ("hogwarts", "--facts", path),
        ("starter", "--facts", str(tmp_path / "nothing.json")),
        ("starter", "--facts", "-"),
        ("starter",),
    ]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda words: run("pack_explain", *words, "--json", given=b"\xff\xfe{}"), asked))

    assert [(one.returncode, one.stdout) for one in outcomes] == [(2, b"")] * 5
    said = [one.stderr.decode() for one in outcomes]
    assert "types cannot hold 'sexting'. Allowed: harmful_content, online_hate, " in said[0]
    assert "hogwarts: is not a pack. Allowed: canterbury-cross-2023, england-statutory, " in said[1]
    assert "nothing.json cannot be read: No such file or directory. Give one JSON object " in said[2]
    assert "The facts are not text in UTF-8. Give one JSON object " in said[3]
    assert "--facts" in said[4]
    assert not any("Traceback" in one for one in said)


def test_what_is_no_file_of_a_pack_is_never_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secrets").write_text("root:x:0:0\n")
    path, facts = str(tmp_path / "secrets"), facts_file(tmp_path, HEAD_FACTS)
    sentence = "secrets: is not read. The path of a pack ends in .yaml or .yml."

    assert refused("pack_explain", path, "--facts", facts) == (2, sentence)
    assert refused("pack_coverage", path) == (2, sentence)
    with pytest.raises(SystemExit) as stopped:
        call_command("pack_check", path)

    assert stopped.value.code == 1
    assert capsys.readouterr().out == f"secrets: cannot be used, 1 fault\n  {sentence}\n"


def test_a_faulty_pack_explains_nothing(policy: Path, tmp_path: Path) -> None:
    path = facts_file(tmp_path, HEAD_FACTS)
    sound = policy.read_text()

    policy.write_text(sound.replace("due: 2026-11", "due: soon"))
    unreadable = refused("pack_explain", str(policy), "--facts", path)
    policy.write_text(sound.replace("extends: [england-statutory]", "extends: []"))
    loose = refused("pack_explain", str(policy), "--facts", path)

    assert unreadable == (1, "hazel-2026.yaml: review.due: must be a year and a month such as 2019-09, not 'soon'.")
    assert loose == (
        1,
        "hazel-2026.yaml: extends: leads to no national floor. Name a floor, or a pack that stands on one.",
    )


# pack_coverage


def test_coverage_lists_every_clause_with_what_meets_it() -> None:
    outcome = run("pack_coverage", "--json")

    found = json.loads(outcome.stdout)
    assert outcome.returncode == 0
    assert [one["pack"] for one in found] == shipped_ids()
    assert {tuple(one) for one in found} == {("pack", "edition", "clauses")}
    assert {tuple(clause) for one in found for clause in one["clauses"]} == {("id", "title", "met", "by", "reason")}


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_every_clause_is_classified_and_most_are_enforced_or_recorded(pack_id: str) -> None:
    found = coverage(shipped(pack_id).pack)

    assert sum(number for _, number in found.counts) == found.total
    assert found.percent(found.shown) >= 60
    clauses = found.as_json()["clauses"]
    assert [one["id"] for one in clauses if one["met"] in ("enforced", "recorded") and not one["by"]] == []
    assert [one["id"] for one in clauses if one["met"] == "outside" and not one["reason"]] == []


def test_coverage_is_counted_for_people(policy: Path) -> None:
    said = called("pack_coverage", str(policy))

    assert said.splitlines() == [
        "hazel-2026 (2026-09): 6 clauses",
        "  enforced: 5 (83.3 %)",
        "  recorded: 1 (16.7 %)",
        "  guidance: 0 (0.0 %)",
        "  outside: 0 (0.0 %)",
        "  enforced or recorded: 6 (100.0 %)",
    ]
    assert "    2.2-1 enforced: rule:staff-misuse" in called("pack_coverage", str(policy), verbosity=2).splitlines()


def test_coverage_of_nothing_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text("pack: bare\ntitle: Bare\nedition: 2026-09\n")

    assert f"  {Met.ENFORCED}: 0 (0.0 %)" in called("pack_coverage", str(path))


def test_coverage_of_a_pack_that_is_not_there_is_refused_before_anything_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(CommandError, match="hogwarts: is not a pack") as error:
        call_command("pack_coverage", "starter", "hogwarts")

    assert (error.value.returncode, capsys.readouterr().out) == (2, "")

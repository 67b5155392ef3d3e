"""What is not YAML as packs are written is refused with the line; words that YAML would change stay as written."""

from pathlib import Path

import pytest

from policies.engine.conditions import Equals
from policies.engine.facts import facts_from
from policies.errors import PackInvalid
from policies.loading import load_source, parse_pack, parse_source
from policies.loading.texts import read_yaml
from tests.policies.loading.sound import FILE, SOUND, Broken, broken

RETENTION = "retention: Until the pupil is 25, then reviewed."
_NOT_YAML = "This is not YAML. Look at the spaces at the beginning of the lines, the quotes and the brackets."
IN_THE_SOUND_PACK = [
    broken("a key twice", RETENTION, "grace: 90", "line 9: The key 'grace' stands twice. Keep one of them."),
    broken(
        "a key of a clause twice",
        "says: Pupils are kind to each other.,",
        "says: Pupils are kind., says: Pupils are polite.,",
        "line 32: The key 'says' stands twice. Keep one of them.",
    ),
    broken(
        "an anchor",
        RETENTION,
        "retention: &kept Long",
        "line 9: The anchor &kept stands here. Write out what is meant.",
    ),
    broken("an alias", RETENTION, "retention: *kept", "line 9: The alias *kept stands here. Write out what is meant."),
    broken(
        "a tag",
        RETENTION,
        "retention: !!str 25",
        "line 9: The tag !!str stands here. Packs hold plain text, lists and fields only.",
    ),
    broken(
        "a tag that would run code",
        RETENTION,
        "retention: !!python/object/apply:os.getcwd []",
        "line 9: The tag !!python/object/apply:os.getcwd stands here. Packs hold plain text, lists and fields only.",
    ),
    broken("a list as a key", RETENTION, "[retention]: long", "line 9: A key must be a word."),
    broken(
        "two documents",
        RETENTION,
        "---\npack: second",
        "line 9: A second document begins here. A file holds one pack.",
    ),
    broken("a tab", "  - {key: governors", "\t- {key: governors", "line 14: A tab stands here. Use spaces."),
    broken(
        "quotes never closed",
        'clause: "3-3"}\n',
        'clause: "3-3}\n',
        "line 55: The quotes that begin here are never closed.",
    ),
    broken(
        "a colon in bare text",
        "title: Online safety policy",
        "title: Online safety: policy",
        "line 2: A colon with a space after it stands here. Put the whole text in quotes.",
    ),
    broken(
        "a bracket never closed", "extends: [england-statutory]", "extends: [england-statutory", f"line 7: {_NOT_YAML}"
    ),
    broken(
        "text that runs the other way",
        "title: Online safety policy",
        "title: Online \u202eytefas policy",
        "line 2: What cannot be seen stands here: U+202E (right-to-left override). Take it out.",
    ),
    broken(
        "text that runs the other way, as an escape",
        "title: Online safety policy",
        r'title: "Online \u202eytefas policy"',
        "line 2: What cannot be seen stands here: U+202E (right-to-left override). Take it out.",
    ),
    broken(
        "a space without width in a field's name",
        RETENTION,
        r'"reten\u200btion": long',
        "line 9: What cannot be seen stands here: U+200B (zero width space). Take it out.",
    ),
    broken(
        "what cannot be seen, in a remark",
        RETENTION,
        f"{RETENTION} # kept\u2069\u2066 longer",
        "line 9: What cannot be seen stands here: U+2069 (pop directional isolate),"
        " U+2066 (left-to-right isolate). Take it out.",
    ),
    broken(
        "a tab in a text",
        RETENTION,
        r'retention: "Until\tthen"',
        "line 9: What cannot be seen stands here: U+0009. Take it out.",
    ),
    broken(
        "many characters that cannot be seen",
        RETENTION,
        r'retention: "\r\a\e\b\x7f"',
        "line 9: What cannot be seen stands here: U+000D, U+0007, U+001B and others. Take it out.",
    ),
    broken(
        "a break of lines that is none in a file",
        RETENTION,
        'retention: "Until\u2028then"',
        "line 9: What cannot be seen stands here: U+2028 (line separator). Take it out.",
    ),
    broken(
        "a text without end",
        RETENTION,
        f"retention: {'long ' * 401}",
        "line 9: A text of 2,004 characters stands here. The longest has 2,000.",
    ),
    broken(
        "an id without end",
        'id: "3-4"',
        f'id: "{"3" * 121}"',
        "line 32: A name of 121 characters stands here. The longest has 120.",
    ),
    broken(
        "a field's name without end",
        RETENTION,
        f"? {'long' * 31}\n: long",
        "line 9: A name of 124 characters stands here. The longest has 120.",
    ),
    broken(
        "a long key twice",
        RETENTION,
        f"{'long' * 20}: long\n{'long' * 20}: short",
        f"line 10: The key '{'long' * 15}'… stands twice. Keep one of them.",
    ),
    broken("nested without end", RETENTION, f"retention: {'[' * 40}{']' * 40}", "line 9: This is nested too deeply."),
    Broken(
        "several at once",
        {RETENTION: "retention: !!str 25\ngrace: 30", "edition: 2026-09": "edition: &now 2026-09"},
        [
            "line 3: The anchor &now stands here. Write out what is meant.",
            "line 9: The tag !!str stands here. Packs hold plain text, lists and fields only.",
            "line 10: The key 'grace' stands twice. Keep one of them.",
        ],
    ),
]
_BEGINS = "pack, title, edition, layer and what follows from them"
WHOLE_FILES = [
    ("an empty file", "", f"holds nothing. A pack has {_BEGINS}."),
    ("nothing but a remark", "# to be written\n", f"holds nothing. A pack has {_BEGINS}."),
    ("a list", "- pack: oakfield\n", f"must hold fields and their values: {_BEGINS}, not a list."),
    ("a sentence", "Our policy\n", f"must hold fields and their values: {_BEGINS}, not 'Our policy'."),
    ("a control character", "pack: oak\x00field\n", "line 1: What cannot be seen stands here: U+0000. Take it out."),
    ("a stray character", "pack: oak\uffffield\n", "is not YAML. Look for stray characters in it."),
]


@pytest.mark.parametrize("case", IN_THE_SOUND_PACK, ids=lambda case: case.name)
def test_what_packs_may_not_hold_is_said_with_its_line(case: Broken) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(case.text, file=FILE)

    assert [f"{fault.path}: {fault.sentence}" for fault in refused.value.faults] == case.said
    assert {fault.file for fault in refused.value.faults} == {FILE}


@pytest.mark.parametrize(("text", "said"), [case[1:] for case in WHOLE_FILES], ids=[case[0] for case in WHOLE_FILES])
def test_what_is_no_pack_at_all_is_said_of_the_file(text: str, said: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_source(text, file=FILE)

    assert str(refused.value) == f"{FILE}: {said}"


def test_a_file_that_is_not_text_or_not_there_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("title: Café".encode("latin-1"))

    said = {name: _refused(tmp_path / name) for name in ("latin.yaml", "nowhere.yaml", "")}

    assert said == {
        "latin.yaml": "latin.yaml: is not text in UTF-8. Save it as UTF-8.",
        "nowhere.yaml": "nowhere.yaml: is not there. Check the path.",
        "": f"{tmp_path.name}: cannot be opened and read as a file.",
    }


def _refused(path: Path) -> str:
    with pytest.raises(PackInvalid) as refused:
        load_source(path)
    return str(refused.value)


@pytest.mark.parametrize(
    "word", ["no", "on", "Yes", "12:30", "2019-09", "11.20", "0x10", "1_000", "1e3", "'true'", "="]
)
def test_nothing_but_true_false_and_null_is_anything_but_text(word: str) -> None:
    assert read_yaml(f"said: {word}\n{word}: said", file=FILE) == {"said": word.strip("'"), word.strip("'"): "said"}


def test_true_false_and_null_are_what_they_say() -> None:
    assert read_yaml("a: true\nb: false\nc: null\nd: ~\ne:", file=FILE) == {
        "a": True,
        "b": False,
        "c": None,
        "d": None,
        "e": None,
    }


def test_how_the_lines_of_a_file_end_is_no_part_of_what_it_says() -> None:
    text = f"\ufeff{SOUND}# A remark\twith a tab\n".replace("\n", "\r\n")

    assert parse_source(text, file=FILE) == parse_source(SOUND, file=FILE)


def test_names_and_texts_may_be_as_long_as_this() -> None:
    longest = SOUND.replace('id: "3-4"', f'id: "{"3" * 120}"').replace("Until the pupil is 25", "é" * 1980)

    assert len(parse_source(longest, file=FILE).retention) == 2_000 - 4


def test_no_stays_a_word_where_a_rule_asks_for_it() -> None:
    pack = parse_pack(SOUND.replace("{not: {types: staff_misuse}}", "{crime: no}"), file=FILE)

    assert pack.rules[0].when == Equals("crime", facts_from({"type": "nudes", "crime": "no"}).crime)

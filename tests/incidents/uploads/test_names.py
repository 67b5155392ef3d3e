"""Names as attackers write them: what is left can be shown, and is never a path."""

import pytest

from incidents.uploads.names import LONGEST, clean_name, ending_of


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("letter.pdf", "letter.pdf"),
        ("Żółcisława ليلى.txt", "Żółcisława ليلى.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.txt", "a.txt"),
        ("a\u2215b\u2044c\uff0fd.txt", "d.txt"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("invoice\u202etxt.exe", "invoicetxt.exe"),
        ("\u200bzero\u200b.txt", "zero.txt"),
        ("con", "File"),
        ("NUL.txt", "File"),
        ("com1.pdf", "File"),
        ("...", "File"),
        ("", "File"),
        ("/", "File"),
        (" a .txt ", "a .txt"),
    ],
)
def test_a_name_is_cleaned(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_a_name_without_end_is_cut_and_keeps_its_ending() -> None:
    cut = clean_name(f"{'a' * 100_000}.pdf")

    assert len(cut) <= LONGEST
    assert cut.startswith("aaa")
    assert cut.endswith("….pdf")
    assert ending_of(f"{'a' * 300}.pdf") == "pdf"
    assert len(clean_name("a" * 300)) == LONGEST


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PDF", "pdf"), ("a.jpg.exe", "exe"), ("a", ""), (".htaccess", ""), ("a.txt\u202e", "txt"), ("a.", "")],
)
def test_the_last_ending_counts(name: str, ending: str) -> None:
    assert ending_of(name) == ending

"""Names become labels wherever they stand, however they are written; nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.queries.redactions import Named, Piece, Redactor

MIA = Named("Mia", "Marlow", "Pupil B")
ZOE = Named("Zoë Anne-Marie", "Żółć", "Pupil C")
AMIRA = Named("Amira", "Khan")
SISTER = Named("Yusra", "Khan", "Pupil D")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mia hit Amira.", "[Pupil B] hit Amira."),
        ("MIA MARLOW and mia", "[Pupil B] and [Pupil B]"),
        ("Marlow, Mia was there", "[Pupil B] was there"),
        ("Mia's phone, Mias bag, Mia’s coat", "[Pupil B]'s phone, [Pupil B] bag, [Pupil B]’s coat"),
        (
            "mia.marlow@school.example @mia_marlow09 miamarlow2012",
            "[Pupil B]@school.example @[Pupil B]09 [Pupil B]2012",
        ),
        ("Mia\u00a0 Marlow\nMia\r\nMarlow", "[Pupil B]\n[Pupil B]"),
        ("Miami and Amiable are no names", "Miami and Amiable are no names"),
        ("Zoe Anne-Marie Zolc, ZOË, Zoe\u0308 and Anne", "[Pupil C], [Pupil C], [Pupil C] and [Pupil C]"),
        ("Anne Marie, żółć", "[Pupil C], [Pupil C]"),
        ("M\u00adi\u200ba", "[Pupil B]"),
        ("Amira Khan, Yusra Khan, the Khans, Yusra", "Amira Khan, [Pupil D], the Khans, [Pupil D]"),
        ("<b>Mia</b>", "<b>[Pupil B]</b>"),
        ("", ""),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, expected: str) -> None:
    assert Redactor([MIA, ZOE, AMIRA, SISTER]).text(text) == expected


def test_what_is_replaced_is_marked() -> None:
    assert Redactor([MIA]).pieces("To Mia.") == [Piece("To "), Piece("[Pupil B]", is_replaced=True), Piece(".")]


def test_a_name_that_two_share_says_so() -> None:
    both = [Named("Sam", "Hill", "Pupil B"), Named("Sam", "Dale", "Pupil C")]

    assert Redactor(both).text("Sam, Sam Hill") == "[Pupil B or Pupil C], [Pupil B]"


def test_whoever_is_kept_stays_whole() -> None:
    people = [Named("Grace", "Lee", "Pupil B"), Named("Grace", "Hill")]

    assert Redactor(people).text("Grace Hill spoke to Grace Lee.") == "Grace Hill spoke to [Pupil B]."


def test_of_a_colleague_only_the_whole_name_or_a_title_counts() -> None:
    will = Named("Will", "Mark", "Member of staff", is_formal=True)

    said = "Will Mark, Mr Mark, Mr. W. Mark will do it. Mark my words."
    assert (
        Redactor([will]).text(said)
        == "[Member of staff], [Member of staff], [Member of staff] will do it. Mark my words."
    )


def test_a_tiny_name_is_looked_for_as_names_are_written() -> None:
    assert (
        Redactor([Named("Do", "Nguyen", "Pupil B")]).text("Do said: do it, Do.") == "[Pupil B] said: do it, [Pupil B]."
    )


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_no_name_is_left_between_any_signs(before: str, after: str) -> None:
    text = Redactor([MIA]).text(f"{before} Mia Marlow {after}")

    assert "Mia Marlow" not in text


@given(text=st.text(max_size=200))
def test_without_a_name_nothing_changes(text: str) -> None:
    assert Redactor([Named("Xqzwv", "Vwzqx", "Pupil B")]).text(text) == text

"""What the product does about clauses, in words for people."""

from policies.loading.means import LIMITS, PAGES, REGISTERS, WORDS_OF_MEANS


def test_each_is_named_as_a_clause_names_it() -> None:
    assert WORDS_OF_MEANS["register:searches"] == "the record of searches"
    assert WORDS_OF_MEANS["page:public_help"] == "the public page with where to find help"
    assert WORDS_OF_MEANS["limit:governors_read_no_case"] == "governors never read a case"
    assert len(WORDS_OF_MEANS) == len(REGISTERS) + len(PAGES) + len(LIMITS)


def test_no_two_are_called_alike_and_none_is_a_name_of_a_machine() -> None:
    words = list(WORDS_OF_MEANS.values())

    assert len(set(words)) == len(words)
    assert [one for one in words if "_" in one or one != one.strip(" .")] == []
    assert all(one.startswith("the record of ") for one in REGISTERS.values())

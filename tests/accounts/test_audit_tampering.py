"""What is done to the ledger behind the application's back, with the triggers off, and where it is found.

Every kind of change is tried at several places. The first number that does not hold has to be named.
"""

# ruff: noqa: S608 - tampering with SQL is what this is about

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection

from accounts import audit
from accounts.models import AuditEvent, School
from tests.accounts.tampering import breaks, chain_of, rewrite_hashes, taken_back, tamper, write_rows
from tests.factories import make_school

LAST = 12
PLACES = (1, 2, 6, LAST - 1, LAST)
FORGER = {"test-1": b"f" * 32}


@pytest.fixture
def school(db: None) -> School:
    """A school with twelve rows in its chain."""
    return _with_rows(make_school())


@pytest.fixture
def next_door(db: None) -> School:
    """Another school with as many rows."""
    return _with_rows(make_school(name="Birchwood School", slug="birchwood"))


def _with_rows(made: School) -> School:
    write_rows(made, LAST - chain_of(made).last_seq)
    return made


EDITS = {
    "id": "gen_random_uuid()",
    "seq": "seq + 500",
    "at": "at + interval '1 microsecond'",
    "actor": "'somebody'",
    "actor_name": "actor_name || ' '",
    "event": "'case.closed'",
    "target": "'thing:none'",
    "summary": "replace(summary, '.', '!')",
    "data": "data || jsonb_build_object('added', 1)",
    "key_id": "'older'",
    "prev_hash": "sha256(prev_hash)",
    "hash": "sha256(hash)",
    "school_id": "%(other_school)s",
    # Under a number that is free in the other chain.
    "chain_id": "%(other_chain)s, seq = 900",
}


def test_every_column_is_among_the_edits() -> None:
    assert set(EDITS) == {field.column for field in AuditEvent._meta.concrete_fields}


@pytest.mark.parametrize("column", EDITS)
def test_an_edited_row_is_named(school: School, next_door: School, column: str, settings: LazySettings) -> None:
    settings.AUDIT_KEYS = {**settings.AUDIT_KEYS, "older": b"o" * 32}
    statement = f"UPDATE accounts_auditevent SET {column} = {EDITS[column]}"

    def edit(place: int) -> None:
        tamper(
            f"{statement} WHERE chain_id = %(chain)s AND seq = %(seq)s",
            chain=chain_of(school).pk,
            seq=place,
            other_school=next_door.pk,
            other_chain=chain_of(school, audit.REGISTER_CHAIN).pk,
        )

    assert _at_every_place(school, edit) == {place: place for place in PLACES}
    assert breaks(school) == {}


def _at_every_place(school: School, act: Callable[[int], None], places: tuple[int, ...] = PLACES) -> dict[int, int]:
    found = {}
    for place in places:
        with taken_back():
            act(place)
            found[place] = breaks(school).get(audit.SCHOOL_CHAIN, -1)
    return found


def test_a_removed_row_is_named(school: School) -> None:
    chain = chain_of(school).pk

    def remove(place: int) -> None:
        tamper("DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq = %(seq)s", chain=chain, seq=place)

    assert _at_every_place(school, remove) == {place: place for place in PLACES}


def test_a_removed_row_whose_gap_was_closed_is_named(school: School) -> None:
    chain = chain_of(school).pk

    def remove_and_close_up(place: int) -> None:
        tamper(
            "DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq = %(seq)s",
            "UPDATE accounts_auditevent SET seq = seq + 1000 WHERE chain_id = %(chain)s AND seq > %(seq)s",
            "UPDATE accounts_auditevent SET seq = seq - 1001 WHERE chain_id = %(chain)s AND seq > 1000",
            chain=chain,
            seq=place,
        )

    assert _at_every_place(school, remove_and_close_up) == {place: place for place in PLACES}


@pytest.mark.parametrize("rows", [1, 2, 5, LAST - 1, LAST])
def test_rows_cut_off_the_end_are_counted(school: School, rows: int) -> None:
    chain = chain_of(school).pk

    tamper("DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq > %(seq)s", chain=chain, seq=LAST - rows)

    problem = audit.verify_chain(school)[0]
    assert (problem.chain, problem.seq) == (audit.SCHOOL_CHAIN, LAST - rows + 1)
    assert problem.sentence == f"Rows {LAST - rows + 1} to {LAST} were cut off the end."


@pytest.mark.parametrize("rows", [1, 5, LAST - 1])
def test_a_cut_end_with_the_chains_head_made_to_fit_is_found(school: School, rows: int) -> None:
    left = LAST - rows
    tamper(
        "DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq > %(left)s",
        """
        UPDATE accounts_auditchain SET last_seq = %(left)s, last_hash =
            (SELECT hash FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq = %(left)s) WHERE id = %(chain)s
        """,
        chain=chain_of(school).pk,
        left=left,
    )

    assert breaks(school) == {audit.SCHOOL_CHAIN: left}


def test_an_emptied_chain_with_its_head_set_back_to_the_start_is_found(school: School) -> None:
    tamper(
        "DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s",
        "UPDATE accounts_auditchain SET last_seq = 0, last_hash = %(start)s WHERE id = %(chain)s",
        chain=chain_of(school).pk,
        start=b"\x00" * 32,
    )

    assert audit.SCHOOL_CHAIN in breaks(school)


def test_two_rows_that_changed_places_are_named(school: School) -> None:
    chain = chain_of(school).pk

    def swap_with_the_next(place: int) -> None:
        tamper(
            "UPDATE accounts_auditevent SET seq = 1000 WHERE chain_id = %(chain)s AND seq = %(seq)s",
            "UPDATE accounts_auditevent SET seq = %(seq)s WHERE chain_id = %(chain)s AND seq = %(seq)s + 1",
            "UPDATE accounts_auditevent SET seq = %(seq)s + 1 WHERE chain_id = %(chain)s AND seq = 1000",
            chain=chain,
            seq=place,
        )

    places = (1, 2, 6, LAST - 1)
    assert _at_every_place(school, swap_with_the_next, places) == {place: place for place in places}


_COPY = """
    INSERT INTO accounts_auditevent (id, school_id, chain_id, seq, at, actor, actor_name, event, target, summary, data,
        key_id, prev_hash, hash)
    SELECT gen_random_uuid(), school_id, {chain}, {seq}, at, actor, actor_name, event, target, {summary}, data, key_id,
        {prev_hash}, hash
    FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq = %(source)s
"""


def test_a_row_slipped_in_is_named(school: School) -> None:
    chain = chain_of(school).pk

    def slip_in(place: int) -> None:
        tamper(
            "UPDATE accounts_auditevent SET seq = seq + 1000 WHERE chain_id = %(chain)s AND seq >= %(source)s",
            "UPDATE accounts_auditevent SET seq = seq - 999 WHERE chain_id = %(chain)s AND seq > 1000",
            _COPY.format(
                chain="chain_id", seq="%(source)s", summary="'Nothing to see.'", prev_hash="prev_hash"
            ).replace("seq = %(source)s\n", "seq = %(source)s + 1\n"),
            chain=chain,
            source=place,
        )

    assert _at_every_place(school, slip_in) == {place: place for place in PLACES}


@pytest.mark.parametrize("source", PLACES)
def test_a_row_copied_to_the_end_is_named(school: School, source: int) -> None:
    tamper(
        _COPY.format(chain="chain_id", seq="%(end)s", summary="summary", prev_hash="prev_hash"),
        chain=chain_of(school).pk,
        source=source,
        end=LAST + 1,
    )

    assert breaks(school) == {audit.SCHOOL_CHAIN: LAST + 1}


def test_a_forged_row_that_links_to_the_one_before_is_named(school: School) -> None:
    last_hash = "(SELECT last_hash FROM accounts_auditchain WHERE id = %(chain)s)"
    tamper(
        _COPY.format(chain="chain_id", seq="%(end)s", summary="'Forged.'", prev_hash=last_hash),
        """
        UPDATE accounts_auditchain SET last_seq = %(end)s, last_hash =
            (SELECT hash FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq = %(end)s) WHERE id = %(chain)s
        """,
        chain=chain_of(school).pk,
        source=LAST,
        end=LAST + 1,
    )

    assert breaks(school) == {audit.SCHOOL_CHAIN: LAST + 1}


def test_a_chain_rewritten_with_a_guessed_key_is_found_at_its_first_row(school: School, settings: LazySettings) -> None:
    chain, real = chain_of(school), settings.AUDIT_KEYS
    tamper("UPDATE accounts_auditevent SET summary = 'Nothing.' WHERE chain_id = %(chain)s", chain=chain.pk)
    settings.AUDIT_KEYS = FORGER
    rewrite_hashes(chain)
    assert breaks(school).get(audit.SCHOOL_CHAIN) is None, "the forger's own work has to look right to the forger"
    settings.AUDIT_KEYS = real

    assert breaks(school) == {audit.SCHOOL_CHAIN: 1}


@pytest.mark.parametrize("from_seq", [2, 6, LAST])
def test_a_tail_rewritten_with_a_guessed_key_is_found_where_it_begins(
    school: School, settings: LazySettings, from_seq: int
) -> None:
    chain, real = chain_of(school), settings.AUDIT_KEYS
    settings.AUDIT_KEYS = FORGER
    rewrite_hashes(chain, from_seq=from_seq)
    settings.AUDIT_KEYS = real

    assert breaks(school) == {audit.SCHOOL_CHAIN: from_seq}


@pytest.mark.parametrize("column", ["last_seq = last_seq + 1", "last_hash = sha256(last_hash)", "end_seal = last_hash"])
def test_an_edited_end_of_a_chain_is_found(school: School, column: str) -> None:
    tamper(f"UPDATE accounts_auditchain SET {column} WHERE id = %(chain)s", chain=chain_of(school).pk)

    assert audit.SCHOOL_CHAIN in breaks(school)


@pytest.mark.parametrize("name", [audit.SCHOOL_CHAIN, audit.REGISTER_CHAIN])
def test_a_removed_chain_is_missed(school: School, name: str) -> None:
    tamper(
        "DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s",
        "DELETE FROM accounts_auditchain WHERE id = %(chain)s",
        chain=chain_of(school, name).pk,
    )

    problem = next(found for found in audit.verify_chain(school) if found.chain == name)
    assert problem.sentence == f"The chain '{name}' is missing altogether."


def test_a_renamed_chain_is_missed(school: School) -> None:
    tamper("UPDATE accounts_auditchain SET name = 'case:x' WHERE id = %(chain)s", chain=chain_of(school).pk)

    assert audit.SCHOOL_CHAIN in breaks(school)


def _remove_case_chain(school: School) -> None:
    tamper(
        "DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s",
        "DELETE FROM accounts_auditchain WHERE id = %(chain)s",
        chain=chain_of(school, "case:secret").pk,
    )


def test_a_removed_chain_of_a_case_still_stands_in_the_register(school: School) -> None:
    write_rows(school, 3, chain="case:secret")

    _remove_case_chain(school)

    assert breaks(school) == {"case:secret": 0}


def test_a_removed_chain_of_a_case_cannot_be_begun_anew_unseen(school: School) -> None:
    write_rows(school, 3, chain="case:secret")
    _remove_case_chain(school)

    write_rows(school, 1, chain="case:secret")

    problem = audit.verify_chain(school)[0]
    assert problem.sentence == "The chain 'case:secret' was opened 2 times: an earlier one was removed."


def test_a_chain_of_a_case_removed_with_its_entry_breaks_the_register(school: School) -> None:
    write_rows(school, 3, chain="case:first")
    write_rows(school, 3, chain="case:secret")
    write_rows(school, 3, chain="case:third")
    _remove_case_chain(school)

    tamper(
        "DELETE FROM accounts_auditevent WHERE chain_id = %(register)s AND target = 'chain:case:secret'",
        register=chain_of(school, audit.REGISTER_CHAIN).pk,
    )

    assert breaks(school) == {audit.REGISTER_CHAIN: 3}


@pytest.mark.parametrize("tables", ["accounts_auditevent", "accounts_auditchain, accounts_auditevent"])
def test_truncated_tables_are_found(school: School, tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables}")

    assert set(breaks(school)) == {audit.SCHOOL_CHAIN, audit.REGISTER_CHAIN}


@pytest.mark.parametrize("columns", [("chain_id",), ("chain_id", "school_id")])
def test_rows_that_two_schools_exchanged_are_found_in_both(
    school: School, next_door: School, columns: tuple[str, ...]
) -> None:
    ours, theirs = chain_of(school).pk, chain_of(next_door).pk
    with_school = "school_id" in columns
    move = (
        "UPDATE accounts_auditevent SET chain_id = %({to})s, seq = {seq}"
        + (", school_id = %({to}_school)s" if with_school else "")
        + " WHERE chain_id = %({source})s AND seq = {source_seq}"
    )
    tamper(
        move.format(to="theirs", seq="1000", source="ours", source_seq="6"),
        move.format(to="ours", seq="6", source="theirs", source_seq="6"),
        "UPDATE accounts_auditevent SET seq = 6 WHERE chain_id = %(theirs)s AND seq = 1000",
        ours=ours,
        theirs=theirs,
        ours_school=school.pk,
        theirs_school=next_door.pk,
    )

    assert breaks(school) == {audit.SCHOOL_CHAIN: 6}
    assert breaks(next_door) == {audit.SCHOOL_CHAIN: 6}


@pytest.mark.parametrize("with_rows", [True, False])
def test_whole_chains_that_two_schools_exchanged_are_found_in_both(
    school: School, next_door: School, with_rows: bool
) -> None:
    both = {"ours": school.pk, "theirs": next_door.pk}
    swap = "school_id = CASE school_id WHEN %(ours)s THEN %(theirs)s ELSE %(ours)s END"
    tamper(
        "UPDATE accounts_auditchain SET name = name || ' ' WHERE school_id = %(ours)s",
        f"UPDATE accounts_auditchain SET {swap}",
        "UPDATE accounts_auditchain SET name = trim(name)",
        *([f"UPDATE accounts_auditevent SET {swap}"] if with_rows else []),
        **both,
    )

    everything = {audit.SCHOOL_CHAIN, audit.REGISTER_CHAIN}
    assert set(breaks(school)) == set(breaks(next_door)) == everything


_SET_END = """
    UPDATE accounts_auditchain SET last_seq = %(seq)s, last_hash = %(hash)s, end_seal = %(seal)s WHERE id = %(chain)s
"""


def test_only_an_older_copy_of_a_whole_chain_looks_right(school: School) -> None:
    """The limit, stated: an older genuine end fits. Ends kept outside the database show that it is older."""
    chain = chain_of(school)
    write_rows(school, 3)
    tamper(
        "DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq > %(seq)s",
        _SET_END,
        chain=chain.pk,
        seq=chain.last_seq,
        hash=bytes(chain.last_hash),
        seal=bytes(chain.end_seal),
    )

    assert breaks(school) == {}

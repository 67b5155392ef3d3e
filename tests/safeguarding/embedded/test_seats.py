"""Several test sessions on one machine."""

from pathlib import Path

import pytest

from safeguarding.embedded.seats import Seats


def test_each_session_has_a_seat_of_its_own_and_the_first_free_one(tmp_path: Path) -> None:
    seats = Seats(tmp_path)
    one, first = seats.take()
    two, second = seats.take()
    assert (one, two) == (1, 2)
    first.close()
    again, third = seats.take()
    assert again == 1
    second.close()
    third.close()


def test_the_last_to_leave_knows_it(tmp_path: Path) -> None:
    seats = Seats(tmp_path)
    _, first = seats.take()
    assert not seats.all_free()
    first.close()
    assert seats.all_free()


def test_a_full_house_is_said(tmp_path: Path) -> None:
    seats = Seats(tmp_path, count=1)
    _, only = seats.take()
    with pytest.raises(RuntimeError, match="1 test sessions run already"):
        seats.take()
    only.close()

"""The sign-in page: whom it lists, and when."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests.conftest import Cast


def test_a_demonstration_lists_whom_one_can_sign_in_as(cast: Cast, settings: LazySettings) -> None:
    page = Client().get(reverse("account_login")).content.decode()

    assert cast.dsl.email in page
    assert settings.DEMONSTRATION_PASSWORD in page


def test_anywhere_else_the_page_names_nobody(cast: Cast, settings: LazySettings) -> None:
    settings.DEMONSTRATION = False

    page = Client().get(reverse("account_login")).content.decode()

    assert cast.dsl.email not in page
    assert cast.school.name not in page
    assert settings.DEMONSTRATION_PASSWORD not in page


@pytest.mark.parametrize(("query", "is_said"), [("", False), ("?ended=1", True)])
def test_somebody_whose_session_ended_is_told_that_nothing_is_lost(db: None, query: str, is_said: bool) -> None:
    page = Client().get(reverse("account_login") + query).content.decode()

    assert ("nothing is lost" in page.lower()) is is_said

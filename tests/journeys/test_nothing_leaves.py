"""Nothing on any page comes from elsewhere or goes there, no page runs what was typed into it, and a session that ended
leaves nothing behind.

Every browser test here fails on a foreign request and on a breach of the content security policy (`conftest.py`), and
every page is searched for what is foreign while axe looks at it (`test_accessibility.py`). These tests make sure that
the watching works.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Cast
from tests.factories import harmed, make_incident, make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import foreign_things
from tests.journeys.steps import choose_unknown, fill_in, send
from tests.journeys.worlds import CANARY, World


@pytest.mark.parametrize(
    "planted",
    [
        "<p onclick='alert(1)'>a</p>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href='https://elsewhere.example/'>a</a>",
        "<form action='https://elsewhere.example/'></form>",
        "<script>let a = 1</script>",
        "<main style='color: red'>a</main>",
    ],
)
def test_what_is_planted_is_found(open_page: OpenPage, cast: Cast, complaints: list[str], planted: str) -> None:
    page = open_page()
    page.goto("/account/sign-in/")
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", planted)

    assert foreign_things(page)
    complaints.clear()


def test_the_watching_works(open_page: OpenPage, cast: Cast, complaints: list[str]) -> None:
    page = open_page()
    page.goto("/account/sign-in/")
    page.evaluate(
        """() => {
          document.body.append(Object.assign(new Image(), {src: "https://elsewhere.example/a.png"}));
          document.body.append(Object.assign(document.createElement("script"), {text: "window.ran = true"}));
          const gone = {rel: "stylesheet", href: "/static/css/no.css"};
          const missing = Object.assign(document.createElement("link"), gone);
          document.head.append(missing);
          return new Promise(resolve => { missing.onerror = resolve; });
        }"""
    )

    assert page.evaluate("window.ran") is None
    heard = "\n".join(complaints)
    assert "img-src" in heard
    assert "script-src" in heard
    assert "404" in heard
    complaints.clear()


def test_words_are_words_on_every_page_they_reach(open_page: OpenPage, cast: Cast) -> None:
    hostile = '<img src=x onerror="window.ran=1"></textarea><script>window.ran=1</script>{{ 7*7 }} ‮evil‬ 👩‍👧'
    pupil = make_person(school=cast.school, name="Amira <b>Hadley</b>")
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)], narrative=hostile)
    teacher, dsl = open_page(cast.teacher), open_page(cast.dsl)

    def is_shown(page: Page, address: str, words: str) -> None:
        page.goto(address)
        expect(page.get_by_text(words).first).to_be_visible()
        assert page.evaluate("window.ran") is None

    is_shown(teacher, f"/s/oakfield/incidents/mine/{case.reference}/", hostile)
    is_shown(dsl, f"/s/oakfield/incidents/{case.reference}/", hostile)
    is_shown(dsl, "/s/oakfield/incidents/", "Amira <b>Hadley</b>")
    teacher.goto("/s/oakfield/incidents/new/")
    fill_in(teacher, said=hostile)
    choose_unknown(teacher)
    expect(teacher.get_by_label("What happened?")).to_have_value(hostile)
    send(teacher)
    expect(teacher.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()


def test_after_signing_out_the_way_back_shows_nothing(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl)
    page.goto("/s/oakfield/incidents/")
    page.get_by_role("link", name=world.reference("open")).click()
    expect(page.get_by_text(CANARY).first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        html = page.content()
        assert CANARY not in html
        assert "Brzęczyszczykiewicz" not in html

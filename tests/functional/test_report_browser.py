"""The report in a real browser: it renders in silence, asks for nothing, and its filters filter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import report
from pipeline.config import Settings
from tests.functional import chromium
from tests.unit.report.published_file import PublishedFile, sample_study

pytestmark = pytest.mark.skipif(
    chromium.found() is None, reason=f"no Chromium on this machine (looked for {', '.join(chromium.NAMES)})"
)

VISIBLE = "(selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).length"
CHOOSE = """(id, value) => {
  const field = document.getElementById(id);
  field.value = value;
  field.dispatchEvent(new Event("change", {bubbles: true}));
}"""
TICK = """(selector, on) => {
  const box = document.querySelector(selector);
  if (box.checked !== on) box.click();
}"""


@pytest.fixture(scope="module")
def made() -> PublishedFile:
    """Invented statements on the sample interviews, and one that tries to break out of the page."""
    rows = sample_study()
    hostile = (
        "</script><script>window.broken = 1</script><img src=http://x.test/ onerror='window.broken = 2'>"
    )
    turns = [("interviewer", "Q", "Why?"), ("participant", f"Zed {hostile}", f"Because {hostile}.")]
    key = rows.interview("data/sample/zed.txt", turns, study=f"Zed's study {hostile}")
    rows.statement(key, 1, "push", f"Because {hostile}.", stage="deciding")
    return rows


@pytest.fixture(scope="module")
def drawn(made: PublishedFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of these rows."""
    folder = tmp_path_factory.mktemp("drawn")
    report.write(made.save(folder / "sample.duckdb"), folder / "report.html", Settings())
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    """One browser for all tests here."""
    with chromium.page(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture
def page(browser: chromium.Page, drawn: Path) -> chromium.Page:
    """The report, freshly loaded, with every interview open."""
    browser.media()
    browser.events.clear()
    browser.open(drawn)
    browser.js("document.querySelectorAll('details.interview').forEach((fold) => { fold.open = true; })")
    return browser


def visible(page: chromium.Page, selector: str) -> int:
    """How many of the selected elements can be seen."""
    return int(page.js(f"({VISIBLE})({selector!r})"))


def text(page: chromium.Page, selector: str) -> str:
    """The visible text of the first selected element."""
    return str(page.js(f"document.querySelector({selector!r}).innerText"))


def choose(page: chromium.Page, field: str, value: str) -> None:
    """Set a filter's value as a person would."""
    page.js(f"({CHOOSE})({field!r}, {value!r})")


def tick(page: chromium.Page, selector: str, *, on: bool) -> None:
    """Tick or untick a box."""
    page.js(f"({TICK})({selector!r}, {str(on).lower()})")


def test_it_renders_without_a_word_on_the_console(page: chromium.Page) -> None:
    assert text(page, "h1") == "Switch interviews"
    assert visible(page, ".arrow") == 4
    assert visible(page, ".map svg path") > 10
    assert visible(page, "#filters") == 1
    assert page.complaints() == []


def test_it_asks_for_nothing_but_itself(page: chromium.Page, drawn: Path) -> None:
    page.js("new Promise((done) => setTimeout(done, 300))")
    assert page.requests() == [drawn.resolve().as_uri()]


def test_words_that_look_like_code_do_nothing(page: chromium.Page) -> None:
    assert page.js("window.broken") is None
    assert page.js("document.images.length") == 0
    assert "<script>window.broken = 1</script>" in page.js(
        "document.querySelector('#interviews').textContent"
    )


def test_the_policy_forbids_any_other_script(page: chromium.Page) -> None:
    page.js("globalThis.ours = document.createElement('script'); ours.textContent = 'window.broken = 3'")
    page.js("document.body.append(ours); 1")
    assert page.js("window.broken") is None
    assert any("Content Security Policy" in told for told in page.complaints())


@pytest.mark.parametrize("label", ["push", "outcome"])
def test_a_label_can_be_hidden_and_shown(page: chromium.Page, label: str) -> None:
    items = f'[data-item][data-label="{label}"]'
    before, others = visible(page, items), visible(page, f'[data-item]:not([data-label="{label}"])')
    assert before > 0
    tick(page, f'input[value="{label}"]', on=False)
    assert visible(page, items) == 0
    assert visible(page, f'[data-item]:not([data-label="{label}"])') == others
    assert visible(page, f'[data-kind="{label}"]') == 0
    tick(page, f'input[value="{label}"]', on=True)
    assert visible(page, items) == before


def test_a_study_shows_its_own_interviews_and_numbers(page: chromium.Page, made: PublishedFile) -> None:
    study = "Weeknight dinner switch interviews"
    ids = {t["transcript_id"] for t in made.tables["transcripts"] if t["study"] == study}
    told = [s for s in made.tables["statements"] if s["transcript_id"] in ids and not s["needs_review"]]
    people = len({s["participant_id"] for s in told if s["label"] == "push"})
    whole = text(page, '.arrow[data-force="push"] .big')
    number = page.js(
        f"[...document.querySelectorAll('#study option')].find((o) => o.text === {study!r}).value"
    )
    choose(page, "study", number)
    assert visible(page, ".interview") == len(ids)
    assert visible(page, "#interviews > .study") == 1
    assert text(page, '.arrow[data-force="push"] .big').split()[0] == str(people)
    assert (
        text(page, '.arrow[data-force="push"] .small')
        == f"{sum(s['label'] == 'push' for s in told)} statements"
    )
    assert visible(page, "#interviews [data-item]") == sum(
        s["transcript_id"] in ids for s in made.tables["statements"]
    )
    page.js("document.getElementById('reset').click()")
    page.js("new Promise((done) => setTimeout(done, 50))")
    assert text(page, '.arrow[data-force="push"] .big') == whole
    assert visible(page, ".interview") == len(made.tables["transcripts"])


def test_a_theme_tells_of_the_chosen_study_alone(page: chromium.Page, made: PublishedFile) -> None:
    study = "Weeknight dinner switch interviews"
    ids = {t["transcript_id"] for t in made.tables["transcripts"] if t["study"] == study}
    number = page.js(
        f"[...document.querySelectorAll('#study option')].find((o) => o.text === {study!r}).value"
    )
    choose(page, "study", number)
    for theme in made.tables["themes"]:
        members = [
            s
            for s in made.tables["statements"]
            if s["theme_id"] == theme["theme_id"] and s["transcript_id"] in ids
        ]
        row = f"#theme-{theme['theme_id']}"
        assert visible(page, row) == bool(members)
        if members:
            people = len({s["participant_id"] for s in members})
            assert text(page, f"{row} [data-people]") == str(people)
            assert text(page, f"#t-{theme['theme_id']} [data-support]").startswith(f"{people} ")


def test_a_search_finds_people_and_words(page: chromium.Page, made: PublishedFile) -> None:
    choose(page, "search", "aroha")
    assert visible(page, ".interview") == 1
    assert text(page, ".interview:not([hidden]) h3") == "Aroha"
    of_aroha = sum(s["speaker"] == "Aroha" for s in made.tables["statements"])
    assert text(page, "#result").startswith(f"{of_aroha} of ")
    choose(page, "search", "no such words anywhere")
    assert visible(page, "[data-item]") == 0
    assert visible(page, "#no-interviews") == 1


def test_what_waits_for_review_can_be_hidden(page: chromium.Page, made: PublishedFile) -> None:
    unsure = sum(s["needs_review"] for s in made.tables["statements"])
    assert visible(page, "#interviews [data-review]") == unsure > 0
    numbers = text(page, ".diagram")
    tick(page, "#review", on=False)
    assert visible(page, "[data-review]") == 0
    assert text(page, ".diagram") == numbers
    assert visible(page, "#unsure") == 1


def test_a_table_sorts_both_ways(page: chromium.Page) -> None:
    cells = "document.querySelectorAll('.theme-list [data-statements]')"
    column = f"[...{cells}].map((cell) => Number(cell.textContent))"
    button = "document.querySelectorAll('.theme-list button')[3]"
    page.js(f"{button}.click()")
    up = page.js(column)
    page.js(f"{button}.click()")
    assert up == sorted(up)
    assert page.js(column) == sorted(up, reverse=True)
    assert page.js(f"{button}.closest('th').getAttribute('aria-sort')") == "descending"


def test_a_link_opens_the_interview_that_it_leads_to(browser: chromium.Page, drawn: Path) -> None:
    browser.open(drawn)
    assert visible(browser, ".interview[open]") == 0
    browser.js("document.querySelector('.theme figcaption a').click()")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert visible(browser, ".interview[open]") == 1
    assert visible(browser, "mark:target") == 1


def test_a_stage_nobody_spoke_of_says_so(page: chromium.Page) -> None:
    assert text(page, '[data-stage="ongoing_use"]').split("\n") == ["Ongoing use", "not discussed"]
    assert text(page, '[data-stage="deciding"]') == "Deciding"


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_the_page_is_never_wider_than_the_window(browser: chromium.Page, drawn: Path, width: int) -> None:
    browser.open(drawn, width=width)
    assert browser.js("document.documentElement.scrollWidth") <= width


def test_it_reads_without_scripts(browser: chromium.Page, drawn: Path) -> None:
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(drawn)
        assert visible(browser, "#filters") == 0
        assert visible(browser, ".quote") > 10
        assert visible(browser, ".interview") > 5
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)


def test_headings_go_down_one_step_at_a_time(page: chromium.Page) -> None:
    levels = page.js("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_field_and_table_has_a_name(page: chromium.Page) -> None:
    nameless = page.js(
        "[...document.querySelectorAll('input, select')].filter((f) => !f.labels.length).length"
    )
    assert nameless == 0
    assert page.js("[...document.querySelectorAll('table')].filter((t) => !t.caption).length") == 0
    assert page.js("[...document.querySelectorAll('thead th:not([scope])')].length") == 0
    assert page.js("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size") == page.js(
        "document.querySelectorAll('[id]').length"
    )


def test_it_prints(page: chromium.Page) -> None:
    printed = page.pdf()
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000

"""What stands in each section of the page, and what is said of what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipeline import report
from pipeline.config import ReportSettings, Settings
from pipeline.store.gaps import BASE, RUN
from tests.unit.report.published_file import PublishedFile

SAID = [
    "The van broke down.", "It broke on the bridge.", "It broke in the rain.", "It broke at the school gate.",
    "The bill came.", "The bill doubled.", "The bill was wrong.", "I was on hold.",
]  # fmt: skip


def draw(made: PublishedFile, folder: Path, **settings: object) -> BeautifulSoup:
    """The parsed page of a file of these rows."""
    published = made.save(folder / "file.duckdb")
    path = folder / "report.html"
    report.write(published, path, Settings(report=ReportSettings.model_validate(settings)))
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def told(soup: BeautifulSoup, selector: str) -> str:
    """The text of the one element that is selected, its spaces evened out."""
    (found,) = soup.select(selector)
    return " ".join(found.get_text(" ").split())


def part(made: PublishedFile, key: str, name: str, quote: str, **values: object) -> None:
    """One part of an interview's switch, told in its first turn."""
    text = next(t["text"] for t in made.tables["turns"] if t["transcript_id"] == key)
    start = text.index(quote)
    place = {"turn_index": 0, "quote": quote, "char_start": start, "char_end": start + len(quote)}
    row = {"part_id": f"{key}{name}", "part": name, "rank": 1, "value": quote}
    made.add("switch_parts", switch_id=key, transcript_id=key, **(row | place | values))


@pytest.fixture
def study() -> tuple[PublishedFile, list[str]]:
    """Four people of whom each says two things, all push."""
    made, statements = PublishedFile(), []
    for number in range(4):
        first, second = SAID[number], SAID[number + 4]
        turns = [
            ("interviewer", "Q", "What happened?"),
            ("participant", f"P{number}", first),
            ("participant", f"P{number}", second),
            ("interviewer", "Q", "And?"),
        ]
        key = made.interview(f"in/{number}.txt", turns, study="Vans")
        statements.append(made.statement(key, 1, "push", first, score=0.9 - number / 10))
        statements.append(made.statement(key, 2, "push", second))
    return made, statements


class TestThemes:
    """The strongest themes, their quotes, and what is in none."""

    def test_the_theme_of_most_people_comes_first(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "bills", ids[1:5:2])
        made.theme("push", "breakdowns", ids[0:6:2])
        soup = draw(made, tmp_path)
        assert [t.get_text() for t in soup.select("#force-push .title")] == [
            "breakdowns",
            "bills",
            "Outside any theme",
        ]
        assert told(soup, "#force-push .theme:first-child .support") == "3 people, 3 statements"

    def test_quotes_are_of_different_people_first(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "trouble", ids[:6])
        soup = draw(made, tmp_path, quotes_per_theme=3)
        said = [q.get_text() for q in soup.select("#force-push .theme blockquote")]
        assert said == [SAID[0], SAID[1], SAID[2]]

    def test_the_exemplar_is_quoted_first(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "trouble", ids[:6], exemplar_statement_id=ids[5])
        soup = draw(made, tmp_path, quotes_per_theme=1)
        assert [q.get_text() for q in soup.select("#force-push .theme blockquote")] == [SAID[6]]

    def test_themes_beyond_the_limit_are_counted_and_listed(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "breakdowns", ids[0:6:2])
        made.theme("push", "bills", ids[1:4:2])
        soup = draw(made, tmp_path, themes_per_force=1)
        assert [t.get_text() for t in soup.select("#force-push .theme .title")] == ["breakdowns"]
        assert "1 further theme of this label" in told(soup, "#force-push .themes > .note")
        assert [row["id"] for row in soup.select(".theme-list tbody tr")] == [
            f"theme-{t['theme_id']}" for t in made.tables["themes"]
        ]

    def test_a_theme_that_one_person_mostly_told_says_so(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "breakdowns", ids[0:6:2], concentration=0.67)
        made.theme("push", "bills", ids[1:4:2], concentration=0.49)
        soup = draw(made, tmp_path)
        rows = {row.a.get_text(): row.get_text() for row in soup.select(".theme-list tbody tr")}
        assert "one person said 67 % of it" in rows["breakdowns"]
        assert "one person" not in rows["bills"]

    def test_retired_themes_are_not_shown(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, _ = study
        made.theme("push", "old news", [], status="retired")
        soup = draw(made, tmp_path)
        assert "old news" not in soup.get_text()

    def test_a_label_too_small_for_themes_says_so(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", "I was afraid of it.")])
        made.statement(key, 0, "anxiety", "I was afraid of it.")
        soup = draw(made, tmp_path)
        assert (
            told(soup, "#force-anxiety .themes > .note") == "No themes: 1 statement, and themes start at 6."
        )
        assert [q.get_text() for q in soup.select("#force-anxiety .loose blockquote")] == [
            "I was afraid of it."
        ]

    def test_the_surest_quotes_outside_any_theme_are_of_different_people(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, _ = study
        soup = draw(made, tmp_path, quotes_per_theme=2)
        assert [q.get_text() for q in soup.select("#force-push .loose blockquote")] == [SAID[0], SAID[5]]

    def test_what_speaks_against_a_theme_stands_under_it(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        theme = made.theme("push", "breakdowns", ids[0:6:2])
        key = made.tables["transcripts"][0]["transcript_id"]
        worry = made.statement(key, 2, "anxiety", "The bill came.")
        made.add("counter_evidence", theme_id=theme, statement_id=worry, similarity=0.6, place=1)
        made.add("sub_themes", sub_theme_id="sub1", theme_id=theme, title="on bridges", n_participants=2)
        soup = draw(made, tmp_path)
        assert told(soup, ".against blockquote") == "The bill came."
        assert told(soup, ".theme .parts") == "In parts: on bridges (2 people)"

    def test_the_last_runs_changes_and_the_reasons_of_noise_are_told(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        theme = made.theme("push", "breakdowns", ids[0:6:2])
        other = made.theme("push", "bridges", ids[1:2], status="merged", n_participants=0, n_statements=0)
        for statement in made.tables["statements"]:
            if statement["theme_id"] == other:
                statement["theme_id"] = None
        made.tables["theme_members"] = [m for m in made.tables["theme_members"] if m["theme_id"] != other]
        made.tables["runs"][0]["run_number"] = 7
        made.add("theme_lineage", run_id="run-1", theme_id=other, event="merged", other_theme_id=theme)
        soup = draw(made, tmp_path)
        assert told(soup, "#changes li") == "merged: bridges, into breakdowns"
        assert told(soup, "#noise tbody tr") == "push far from all 5"

    def test_that_the_last_run_changed_nothing_is_told(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "breakdowns", ids[0:6:2])
        soup = draw(made, tmp_path)
        assert told(soup, "#changes") == "The last run changed no theme."
        assert not soup.select("#noise-by-run, #conflicts")

    def test_decisions_that_conflict_and_noise_by_run_are_told(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "breakdowns", ids[0:6:2])
        for entry, status in (("pin 1", "conflict"), ("rename 1", "applied")):
            made.add("theme_curation", entry=entry, label="push", status=status, detail="th0 is gone <b>")
        made.tables["runs"][0]["counts"] = '{"statements": {"push": 8}, "noise": {"push": 5}}'
        made.add(
            "runs", run_id="run-2", run_number=2, counts='{"statements": {"push": 8}, "noise": {"push": 2}}'
        )
        soup = draw(made, tmp_path)
        assert told(soup, "#conflicts li") == "pin 1: th0 is gone <b>"
        assert told(soup, "#conflicts summary") == "1 decision of people on themes could not be applied"
        rows = [
            [cell.get_text() for cell in row.select("td")[:2]]
            for row in soup.select("#noise-by-run tbody tr")
        ]
        assert rows == [["2", "25 %"], ["1", "62 %"]]

    def test_no_number_adds_up_the_forces(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, _ = study
        soup = draw(made, tmp_path)
        assert "not added up or set off against each other" in told(soup, "#forces > .note")


class TestTimeline:
    """The switch, stage by stage."""

    def test_a_stage_nobody_spoke_of_is_marked(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", "I was afraid. It broke.")])
        made.statement(key, 0, "anxiety", "I was afraid.", stage="deciding")
        made.statement(key, 0, "push", "It broke.", stage="ongoing_use", needs_review=True)
        soup = draw(made, tmp_path)
        silent = [head["data-stage"] for head in soup.select(".timeline th.silent")]
        assert silent == ["first_thought", "passive_looking", "active_looking", "first_use", "ongoing_use"]
        assert told(soup, '[data-cell="anxiety.deciding"]') == "1 1 statement"

    def test_without_any_stage_no_stage_is_called_silent(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, _ = study
        soup = draw(made, tmp_path)
        assert not soup.select(".timeline")
        assert told(soup, "#timeline .note").startswith("No timeline: of 8 statements none could be placed")

    def test_the_events_stand_between_their_stages(self, tmp_path: Path) -> None:
        made = PublishedFile()
        for number, score in enumerate((None, 0.7, None)):
            said = "The leak was the last straw."
            key = made.interview(f"{number}.txt", [("participant", f"P{number}", said)])
            made.statement(key, 0, "push", said, stage="passive_looking")
            part(made, key, "event_one", said, score=score)
        soup = draw(made, tmp_path)
        cells = soup.select('[data-event="event_one"] td')
        assert [cell["colspan"] for cell in cells] == ["1", "2", "3"]
        assert told(soup, '[data-event="event_one"] td:nth-of-type(2)') == "2 1 guess besides"
        assert told(soup, '[data-event="event_two"] td:nth-of-type(2)') == "0 0 guesses besides"


class TestOutcomes:
    """The drafts beside the spoken words."""

    def test_each_row_has_the_draft_its_verdict_and_the_words(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", "I need it by Friday. It must not leak.")])
        made.outcome(
            made.statement(key, 0, "outcome", "I need it by Friday."), "minimize the time it takes to get it"
        )
        leak = made.statement(key, 0, "outcome", "It must not leak.", score=0.99)
        made.outcome(leak, None, kind="hazard", verdict="vague_object")
        soup = draw(made, tmp_path)
        rows = [
            [cell.get_text(" ", strip=True) for cell in row.select("td")[:4]]
            for row in soup.select(".outcomes tbody tr")
        ]
        assert rows == [
            ["minimize the time it takes to get it", "ok", "goal", "I need it by Friday."],
            ["–", "vague object", "hazard", "It must not leak."],
        ]

    def test_rows_beyond_the_limit_are_counted(self, tmp_path: Path) -> None:
        made = PublishedFile()
        said = " ".join(f"I need number {n}." for n in range(30))
        key = made.interview("a.txt", [("participant", "Ann", said)])
        for n in range(30):
            made.outcome(made.statement(key, 0, "outcome", f"I need number {n}."), f"get {n}")
        soup = draw(made, tmp_path, table_rows=10)
        assert len(soup.select(".outcomes tbody tr")) == 10
        assert told(soup, ".outcomes caption") == "10 of 30; the rest is in the table outcomes"

    def test_what_most_people_tell_comes_before_the_cut(self, tmp_path: Path) -> None:
        made, alike = PublishedFile(), []
        for number in range(2):
            key = made.interview(f"{number}.txt", [("participant", f"P{number}", "I need it warm.")])
            alike.append(made.statement(key, 0, "outcome", "I need it warm.", score=0.6))
            made.outcome(alike[-1], None, verdict="vague_object")
        said = " ".join(f"I need number {n}." for n in range(20))
        key = made.interview("a.txt", [("participant", "Ann", said)])
        for n in range(20):
            made.outcome(made.statement(key, 0, "outcome", f"I need number {n}.", score=0.9), f"get {n}")
        made.theme("outcome", "warm", alike)
        soup = draw(made, tmp_path, table_rows=10)
        people = [row.select("td")[4].get_text() for row in soup.select(".outcomes tbody tr")]
        assert people == ["2", "2", *["1"] * 8]


class TestQuestions:
    """The four questions, study by study."""

    def test_answers_of_most_people_come_first_and_silence_is_told(self, tmp_path: Path) -> None:
        made, alike = PublishedFile(), []
        for number in range(2):
            key = made.interview(f"{number}.txt", [("participant", f"P{number}", "It broke. It rained.")])
            alike.append(made.statement(key, 0, "push", "It broke."))
            made.statement(key, 0, "push", "It rained.")
        made.theme("push", "breakdowns", alike)
        soup = draw(made, tmp_path)
        asked = [div.get_text(" ", strip=True) for div in soup.select("#questions .story > div")]
        assert asked == [
            "What were they trying to do? nobody told",
            "What got in the way? breakdowns 2 people It broke. in no theme 2 people It rained.",
            "What did they do about it until then? nobody told",
            "What would be better? nobody told",
        ]

    def test_each_study_has_its_own_and_answers_beyond_the_limit_are_counted(self, tmp_path: Path) -> None:
        made, words = PublishedFile(), ("wet", "torn", "lost", "slow", "late")
        said = " ".join(f"It was {word}." for word in words)
        key = made.interview("a.txt", [("participant", "Ann", said)], study="A")
        for word in words:
            made.theme("push", word, [made.statement(key, 0, "push", f"It was {word}.")])
        made.interview("b.txt", [("participant", "Ben", "Well.")], study="B")
        soup = draw(made, tmp_path)
        parts = soup.select("#questions .asked")
        assert [part.select_one("h3").get_text() for part in parts] == ["A", "B"]  # type: ignore[union-attr]
        assert [part["data-of-study"] for part in parts] == ["0", "1"]
        assert "1 further answer in the view" in parts[0].get_text(" ", strip=True)


class TestInterviews:
    """Statements where they were said."""

    def test_only_the_interviews_with_most_statements_get_a_section(self, tmp_path: Path) -> None:
        made = PublishedFile()
        for number, n in enumerate((1, 3, 2, 0)):
            key = made.interview(f"{number}.txt", [("participant", f"P{number}", "One. Two. Three.")])
            for quote in ("One.", "Two.", "Three.")[:n]:
                made.statement(key, 0, "push", quote)
        soup = draw(made, tmp_path, interviews=2)
        assert [h.get_text() for h in soup.select(".interview h3")] == ["P1", "P2"]
        assert told(soup, "#interviews > .note:not(#no-interviews)").startswith(
            "2 interviews with the fewest statements are left out here, though not from any count above."
        )
        assert not soup.select(f'a[href="#s-{made.tables["statements"][0]["statement_id"]}"]')

    def test_every_link_in_the_page_has_a_target(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, ids = study
        made.theme("push", "breakdowns", ids[0:6:2])
        made.theme("push", "bills", ids[1:4:2])
        made.theme("push", "more bills", ids[5:8:2])
        soup = draw(made, tmp_path, interviews=3, themes_per_force=1)
        targets = {element["id"] for element in soup.select("[id]")}
        links = {str(link["href"]) for link in soup.select("a[href], use[href]")}
        assert {link for link in links if link[1:] not in targets} == set()
        assert len(soup.select(".map a")) == 3

    def test_the_question_before_is_shown_once(
        self, study: tuple[PublishedFile, list[str]], tmp_path: Path
    ) -> None:
        made, _ = study
        soup = draw(made, tmp_path)
        passages = soup.select(".interview")[0].select(".passage")
        assert [[q.get_text() for q in p.select(".question")] for p in passages] == [["QWhat happened?"], []]

    def test_of_a_long_question_the_end_is_kept(self, tmp_path: Path) -> None:
        made = PublishedFile()
        ask = "Tell me. " * 60 + "So why did you leave?"
        key = made.interview("a.txt", [("interviewer", "Q", ask), ("participant", "Ann", "It broke.")])
        made.statement(key, 1, "push", "It broke.")
        text = told(draw(made, tmp_path, context_chars=40), ".question")
        assert text.startswith("Q … ")
        assert text.endswith("So why did you leave?")
        assert len(text) < 50

    def test_unsure_statements_are_marked_not_hidden(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", "It broke. It rained.")])
        made.statement(key, 0, "push", "It broke.", needs_review=True)
        soup = draw(made, tmp_path)
        assert told(soup, "mark.review") == "It broke."
        assert "1 for review" in told(soup, ".interview > summary")
        assert "push 1." in told(soup, "#unsure")

    def test_what_is_doubtful_about_an_interview_is_said(self, tmp_path: Path) -> None:
        made = PublishedFile()
        made.interview(
            "a.txt", [("participant", "Speaker 1", "Well.")], missing=True, warnings='["two cues overlap"]'
        )
        made.tables["speakers"][0]["needs_review"] = True
        text = told(draw(made, tmp_path), ".facts")
        assert "Its file was gone at the last run." in text
        assert "Who speaks is unsure: Speaker 1." in text
        assert "two cues overlap" in text


class TestStory:
    """What an interview lacks, its job story, and what a survey says."""

    def test_what_was_not_discussed_stands_with_the_question_to_ask(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", SAID[0])])
        made.statement(key, 0, "push", SAID[0], stage="deciding")
        lacking = told(draw(made, tmp_path), ".gaps")
        assert "first thought" in lacking
        assert "What did you worry about before you chose?" in lacking
        assert "What went wrong with the old way?" not in lacking

    def test_steps_of_the_job_that_nobody_told_are_asked_for(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", SAID[0])])
        made.statement(key, 0, "push", SAID[0])
        assert "step monitor" in told(draw(made, tmp_path), ".gaps > summary")

    def test_the_switch_is_told_in_order_and_guesses_are_marked(self, tmp_path: Path) -> None:
        made = PublishedFile()
        said = "The van broke down. We had Vanrent. I took Wheelwise. I saw Cartwheel. It was my call."
        key = made.interview("a.txt", [("participant", "Ann", said)])
        for name, value, score in (("fired", "Vanrent", 0.4), ("hired", "Wheelwise", 0.9)):
            product = {"value": value, "product_id": value, "score": score}
            part(made, key, name, f"{'We had' if name == 'fired' else 'I took'} {value}.", **product)
        looked = {"value": "Cartwheel", "product_id": "c", "score": 0.8, "reason": "I was afraid of it."}
        part(made, key, "candidate", "I saw Cartwheel.", **looked)
        part(made, key, "event_one", "The van broke down.", score=0.7)
        part(made, key, "decided_by", "It was my call.", value="the participant")
        soup = draw(made, tmp_path)
        lines = [div.get_text(" ", strip=True) for div in soup.select(".interview dl.story > div")]
        assert lines == [
            "What made them look a guess The van broke down.",
            "Fired Vanrent a guess We had Vanrent.",
            "Hired Wheelwise I took Wheelwise.",
            "Looked at as well Cartwheel I saw Cartwheel. worry: I was afraid of it.",
            "Who decided the participant It was my call.",
        ]

    def test_a_job_story_stands_where_no_switch_is_told(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", "I want to see who owes what.")])
        statement = made.statement(key, 0, "outcome", "I want to see who owes what.")
        made.outcome(statement, "increase the likelihood of seeing who owes what")
        assert "Job story When [not told], I want to increase" in told(
            draw(made, tmp_path), ".interview dl.story"
        )

    def test_each_theme_of_outcomes_has_its_fullest_job_story(self, tmp_path: Path) -> None:
        made, alike = PublishedFile(), []
        said = ("I want to see who owes what.", "I need to know who owes what. The ledger got wet.")
        for number, text in enumerate(said):
            key = made.interview(f"{number}.txt", [("participant", f"P{number}", text)], study=f"S{number}")
            quote = text.partition(" The")[0]
            alike.append(made.statement(key, 0, "outcome", quote, score=0.9 - number / 10))
            made.outcome(alike[-1], "increase the likelihood of seeing who owes what")
        made.statement(key, 0, "push", "The ledger got wet.")
        made.theme("outcome", "who owes what", alike)
        soup = draw(made, tmp_path)
        assert told(soup, "#outcomes .theme .job-story") == (
            "Job story When “The ledger got wet”, I want to increase the likelihood of seeing who owes what, "
            "so I can [not told]."
        )
        (story,) = soup.select(".job-story")
        assert (story["data-label"], story["data-study"], story["data-who"]) == (
            "outcome",
            "1",
            "P1 P1 1.txt",
        )

    def test_what_is_in_the_way_stands_under_its_outcome(self, tmp_path: Path) -> None:
        made = PublishedFile()
        said = "I want to see who owes what. The ledger got wet. I liked the till."
        key = made.interview("a.txt", [("participant", "Ann", said)])
        statement = made.statement(key, 0, "outcome", "I want to see who owes what.")
        made.outcome(statement, "increase the likelihood of seeing who owes what")
        push = made.statement(key, 0, "push", "The ledger got wet.")
        made.statement(key, 0, "pull", "I liked the till.")
        soup = draw(made, tmp_path)
        assert told(soup, ".stops") == "In the way: push The ledger got wet."
        assert [link["href"] for link in soup.select(".stops a")] == [f"#s-{push}"]
        assert [link["title"] for link in soup.select(".stops a")] == ["same turn"]

    @pytest.mark.parametrize(
        ("n_interviews", "wanted"), [(BASE + RUN - 1, "too few to say"), (BASE + RUN, "0 %: nothing new")]
    )
    def test_a_study_says_when_further_interviews_tell_nothing_new(
        self, tmp_path: Path, n_interviews: int, wanted: str
    ) -> None:
        made, ids = PublishedFile(), []
        for number in range(n_interviews):
            key = made.interview(f"{number}.txt", [("participant", f"P{number}", SAID[0])])
            ids.append(made.statement(key, 0, "push", SAID[0]))
        made.theme("push", "breakdowns", ids)
        assert told(draw(made, tmp_path), ".saturation") == wanted

    def test_without_a_survey_there_are_no_opportunities(self, tmp_path: Path) -> None:
        made = PublishedFile()
        made.interview("a.txt", [("participant", "Ann", SAID[0])])
        assert draw(made, tmp_path).select("#opportunities") == []

    def test_opportunities_stand_by_segment_with_their_landscape(self, tmp_path: Path) -> None:
        made = PublishedFile()
        key = made.interview("a.txt", [("participant", "Ann", "I want to see who owes what.")])
        statement = made.statement(key, 0, "outcome", "I want to see who owes what.")
        made.outcome(statement, "increase the likelihood of seeing who owes what")
        rated = {"respondents": 40, "importance": 9.0, "satisfaction": 2.5, "file": "answers.csv"}
        made.add("ratings", outcome_id=statement, segment="owners", **rated)
        page = draw(made, tmp_path)
        cells = [cell.get_text() for cell in page.select("#opportunities tbody td")]
        wanted = [
            "1",
            "increase the likelihood of seeing who owes what",
            "9.0",
            "2.5",
            "15.5",
            "underserved",
            "40",
        ]
        assert cells == wanted
        assert page.select_one(".landscape svg path title") is not None


class TestIntake:
    """What was read and what was refused."""

    def test_refused_files_are_listed_with_reason_and_detail(self, tmp_path: Path) -> None:
        made = PublishedFile()
        made.reject("in/a.docx", "not_a_docx", "the file is no zip archive")
        soup = draw(made, tmp_path)
        assert [cell.get_text() for cell in soup.select("#refused tbody td")] == [
            "in/a.docx", "not a docx", "the file is no zip archive", "ingest",
        ]  # fmt: skip
        assert told(soup, "#refused caption") == "Refused: 1 not a docx"

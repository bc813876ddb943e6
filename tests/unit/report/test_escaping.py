"""Whatever a transcript holds stays text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipeline import report
from pipeline.config import ReportSettings, Settings
from tests.unit.report.published_file import PublishedFile

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '" onmouseover="alert(3)',
    "' autofocus onfocus='alert(4)",
    "</style><img src=x onerror=alert(5)>",
    "</blockquote></details><iframe src=//example.org></iframe>",
    "<!-- ]]> {{ 7*7 }} {% raw %} &lt;b&gt; &amp;",
    "javascript:alert(6)",
    "</svg><svg onload=alert(7)>",
)
ALL = " ".join(HOSTILE)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report of a file that holds hostile text wherever a transcript's words can end up."""
    folder = tmp_path_factory.mktemp("hostile")
    made = PublishedFile()
    themed = []
    for number, hostile in enumerate(HOSTILE):
        key = made.interview(
            f"{hostile}/{number}.txt",
            [
                ("interviewer", f"I {hostile}", f"Why {hostile}?"),
                ("participant", f"P{number} {hostile}", ALL),
            ],
            study=f"study {hostile}",
            interview_date=hostile,
            metadata=json.dumps({hostile: hostile}),
            warnings=json.dumps([hostile]),
            format=hostile,
        )
        for label in ("push", "outcome"):
            themed.append(made.statement(key, 1, label, hostile, stage="deciding", holder="other"))
        made.outcome(themed[-1], hostile, kind=hostile, verdict=hostile, job_step=hostile)
        made.reject(f"refused {hostile}", hostile, hostile)
    for number in range(3):
        made.theme("push", f"{number} {ALL}", themed[6 * number : 6 * number + 6 : 2], keywords=[ALL])
    published = made.save(folder / "hostile.duckdb")
    settings = Settings(report=ReportSettings(title=f"Title {HOSTILE[0]} {HOSTILE[2]}"))
    report.write(published, folder / "report.html", settings)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_only_our_two_scripts_and_one_style_are_elements(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    assert [script.get("type") for script in soup.find_all("script")] == ["application/json", None]
    assert len(soup.find_all("style")) == 1
    assert not soup.find_all(["iframe", "img", "object", "embed", "base", "b%s"])


def test_no_element_has_a_handler_or_a_link_out_of_the_page(page: str) -> None:
    for element in BeautifulSoup(page, "html.parser").find_all(True):
        handlers = [name for name in element.attrs if name.startswith("on") or name == "style"]
        assert handlers == [], element.name
        for name in ("href", "src", "xlink:href", "action", "formaction"):
            value = element.get(name)
            assert value is None or re.fullmatch(r"#[\w-]+|data:,", str(value)), (element.name, value)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_shown_as_they_were_said(page: str, hostile: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    quotes = [quote.get_text() for quote in soup.find_all("blockquote")]
    marks = [mark.get_text() for mark in soup.find_all("mark")]
    assert hostile in quotes
    assert hostile in marks
    assert any(hostile in option.get_text() for option in soup.find_all("option"))
    assert any(hostile in cell.get_text() for cell in soup.select("#refused td"))


def test_the_data_for_the_script_is_json_and_cannot_end_it(page: str) -> None:
    (block,) = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', page, re.DOTALL)
    assert "<" not in block
    assert json.loads(block)["figures"]["all"]["push.people"] == len(HOSTILE)


def test_the_policy_names_exactly_the_style_and_the_script_of_the_page(page: str) -> None:
    policy = BeautifulSoup(page, "html.parser").find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    content = str(policy["content"])
    for tag in ("style", "script"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in content
    assert content.startswith("default-src 'none'; ")
    assert "unsafe" not in content


def test_templates_are_found_inside_the_package(page: str) -> None:
    assert page.startswith("<!doctype html>")
    templates = Path(report.__file__).parent / "templates"
    for path in templates.glob("*.html.j2"):
        assert "| safe" not in path.read_text(encoding="utf-8"), path.name

"""The page: templates filled with what the published file holds."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.records import TIMELINE
from pipeline.report import words
from pipeline.report.chart import draw_theme_map
from pipeline.report.evidence import Evidence
from pipeline.report.figures import figures
from pipeline.report.interviews import interviews
from pipeline.report.life import life
from pipeline.report.opportunities import opportunities
from pipeline.report.outcomes import outcomes
from pipeline.report.overview import last_run, overview
from pipeline.report.questions import questions
from pipeline.report.theme_map import theme_map
from pipeline.report.themes import Theme, Themes, themes


@dataclass(frozen=True, slots=True)
class Kind:
    """A label as the page tells of it; ``direction`` is where a force acts."""

    label: str
    name: str
    question: str
    direction: str


KINDS = (
    Kind("push", "Push", "What drove them away from the old?", "towards"),
    Kind("pull", "Pull", "What drew them to the new?", "towards"),
    Kind("habit", "Habit", "What held them to the old?", "back"),
    Kind("anxiety", "Anxiety", "What about the new, or about changing, worried them?", "back"),
    Kind("outcome", "Outcomes", "By what do they judge that the job got done?", ""),
)
"""The labels in the page's order: what moves people first, what holds them back beneath."""


def page(evidence: Evidence, fingerprint: str) -> Iterator[str]:
    """The HTML in parts, in order; interviews are read one at a time as they are written."""
    found = themes(evidence)
    numbers = figures(evidence)
    drawn = theme_map(evidence, found.listed)
    strong = frozenset(theme.theme_id for theme in found.listed if theme.strong)
    style, script = _asset("report.css"), _asset("report.js")
    yield from (
        _environment()
        .get_template("report.html.j2")
        .generate(
            title=evidence.settings.title,
            fingerprint=fingerprint,
            style=style,
            script=script,
            policy=_policy(style, script),
            kinds=KINDS,
            stages=TIMELINE,
            overview=overview(evidence),
            run=last_run(evidence),
            figures=numbers,
            themes=found,
            life=life(evidence, sorted(strong)),
            outcomes=outcomes(evidence),
            questions=questions(evidence),
            opportunities=opportunities(evidence),
            map=drawn,
            map_svg=draw_theme_map(drawn, _links(found)) if drawn else None,
            interviews=interviews(evidence, strong, tuple(kind.label for kind in KINDS)),
            data={"figures": numbers.by_study, "themes": {t.theme_id: t.by_study for t in found.listed}},
        )
    )


@functools.cache
def _environment() -> Environment:
    """The templates, compiled once per process."""
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        name: getattr(words, name) for name in ("number", "clock", "hours", "day", "plain")
    }
    environment.filters.update(filters, counted=words.count, data=_data)
    environment.globals["period"] = words.period
    return environment


def _data(value: object) -> Markup:
    """JSON that can stand in a script element: no ``<`` ends it early."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _asset(name: str) -> Markup:
    """A file of ours that stands in the page as it is."""
    return Markup((files("pipeline.report") / "templates" / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere; of scripts and styles only these two run."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _links(found: Themes) -> dict[str, str]:
    return {theme.theme_id: _anchor(theme) for theme in found.listed}


def _anchor(theme: Theme) -> str:
    return f"#t-{theme.theme_id}" if theme.strong else f"#theme-{theme.theme_id}"

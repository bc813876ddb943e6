"""English is never refused, other languages are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.ingest.language import told
from pipeline.ingest.turns import Talk
from tests.unit.ingest.reading import accepted, refused

OTHERS = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", OTHERS)
def test_other_languages_are_told(code: str) -> None:
    assert told([Talk("A", OTHERS[code], None, None)]) == code


def test_another_language_is_refused_with_its_name() -> None:
    talk = OTHERS["de"]
    text = f"I: Und was haben Sie vorher benutzt?\n\nB: {talk}\n\nI: Und dann?\n\nB: {talk}\n"
    assert refused(text) == ("language", "the language is 'de'; ingest.languages accepts en")
    for languages in (("en", "de"), ("*",)):
        assert any(
            "the language is 'de': rules and" in one for one in accepted(text, languages=languages).warnings
        )


def test_english_carries_no_warning_of_its_language() -> None:
    talk = "I was sick of it, to be honest, because everybody wrote in it and nobody could read it. " * 3
    found = accepted(f"I: And then?\n\nB: {talk}\n\nI: Why?\n\nB: {talk}\n", languages=("*",))
    assert not any("language" in one for one in found.warnings)


@pytest.mark.parametrize("text", ["Okay.", "Ja ja.", "Mm. Yeah.", "a " * 99, "yeah " * 99])
def test_too_little_is_no_language(text: str) -> None:
    assert told([Talk("A", text, None, None)]) in (None, "en")


def test_noisy_speech_recognition_in_small_letters_is_english() -> None:
    text = (
        "uh so yeah i i was like i dont know me and and my wife we had the the van and then it went you know "
        "the clutch and the man says thats nine hundred quid and im like no way"
    )
    assert told([Talk("A", text, None, None)]) == "en"


def test_no_stretch_of_the_gold_texts_is_taken_for_another_language(shared: Path) -> None:
    refusals = []
    for path in sorted((shared / "gold" / "texts").glob("*/*.txt")):
        words = re.sub(r"[^\w\s']", "", path.read_text(encoding="utf-8")).lower().split()
        for begin in range(0, len(words) - 60, 60):
            stretch = " ".join(words[begin : begin + 60])
            if told([Talk("A", stretch, None, None)]) not in (None, "en"):
                refusals.append((path.name, begin))
    assert not refusals

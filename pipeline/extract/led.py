"""Whether an answer merely agrees: the question had already said what the answer is credited with."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import ConfigError
from pipeline.resources import models_folder

OWN_WORDS = 2
"""Words of the answer's own up to which it adds nothing."""


class Assent(BaseModel):
    """The words of ``models/story/led.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens: frozenset[str]
    carries_nothing: frozenset[str]
    asks_for_more: frozenset[str]
    leads: frozenset[str]


@lru_cache(maxsize=1)
def assent() -> Assent:
    """The shipped words.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    path = models_folder() / "story" / "led.toml"
    try:
        return Assent.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(
            f"cannot read the words of assent {path}: {error}", "Reinstall whyswitch."
        ) from error


def is_led(question: str, answer: str, *, opens: bool) -> bool:
    """Whether ``answer`` agrees with a closed question and adds at most two words to it.

    ``opens`` tells that the answer is the start of its turn: only then does it answer the question.
    """
    said = _words(answer)
    if not opens or not said or said[0] not in assent().opens or not _is_closed(question):
        return False
    empty = assent().carries_nothing | set(_words(question))
    return sum(word not in empty for word in said) <= OWN_WORDS


def _is_closed(question: str) -> bool:
    """Whether the last sentence asked can be answered by yes, and offers no choice."""
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", question.strip()) if part]
    if not sentences:
        return False
    words = _words(sentences[-1])
    while words and words[0] in assent().leads:
        words = words[1:]
    return len(words) >= 3 and words[0] not in assent().asks_for_more and "or" not in words


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'"))

"""Forces and outcomes found in the participants' turns of a transcript.

What is heavy is imported by the functions that need it: ``identity`` is asked by runs that extract nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import ExtractSettings, Settings
from pipeline.records import Extraction, Transcript
from pipeline.resources import checked, folder_hash, models_folder, people_lists, pinned, sha256

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from pipeline.extract.scoring import Scorer

VERSION = "9"
OVERLAP = {"default": 0.25, "thorough": 0.5}
"""How much of each dialogue window is read a second time in the next: more context at the seams, and more time."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """What is heavy: the spaCy pipeline and the scorer; with the settings that they were made by."""

    nlp: Language
    scorer: Scorer
    settings: ExtractSettings


def identity(settings: Settings) -> str:
    """The hashes of the rule packs, the word lists, the reader and the English model."""
    parts = [
        pinned("en_core_web_sm").key,
        *(folder_hash(folder) for folder in rule_folders(settings.extract)),
    ]
    parts += [folder_hash(models_folder() / "outcomes"), folder_hash(models_folder() / "story")]
    parts += [sha256(path) for path in people_lists()]
    if settings.extract.profile != "rules":
        parts.append(folder_hash(models_folder() / "dialogue"))
    return " ".join(parts)


def load(settings: Settings) -> Extractor:
    """The extractor for these settings.

    Raises:
        ModelError: a model is missing or is not the pinned one.
        ConfigError: a rule file breaks the form.
    """
    from pipeline.extract.cues import CUES, Cues
    from pipeline.extract.scoring import ReaderScorer, RuleScorer

    nlp = english(settings.extract)
    cues = nlp.get_pipe(CUES)
    assert isinstance(cues, Cues)
    if settings.extract.profile == "rules":
        return Extractor(nlp, RuleScorer(cues), settings.extract)
    from pipeline.extract.reader import Reader

    reader = Reader(
        models_folder() / "dialogue",
        overlap=OVERLAP[settings.extract.profile],
        batch_windows=settings.extract.batch_windows,
    )
    return Extractor(
        nlp, ReaderScorer(reader, cues, strictness=settings.extract.strictness), settings.extract
    )


def english(settings: ExtractSettings) -> Language:
    """The pinned English pipeline with whyswitch's components; its ``ner`` rests until the story asks for names."""
    import spacy

    from pipeline.extract.candidates import CANDIDATES
    from pipeline.extract.cues import CUES

    nlp = spacy.load(checked("en_core_web_sm"), exclude=["senter"], disable=["ner"])
    nlp.add_pipe(CANDIDATES)
    nlp.add_pipe(CUES, config={"folders": [str(folder) for folder in rule_folders(settings)]})
    return nlp


def run(batch: Sequence[Transcript], resources: Extractor) -> list[Extraction]:
    """One extraction per transcript, in order."""
    return [_extract(transcript, resources) for transcript in batch]


def _extract(transcript: Transcript, extractor: Extractor) -> Extraction:
    from pipeline.extract.own_names import own_names, solution_free
    from pipeline.extract.sentences import participants, sentences
    from pipeline.extract.statements import statements
    from pipeline.extract.story.lines import lines_of
    from pipeline.extract.story.switch import switch

    dialogue = sentences(transcript, extractor.nlp)
    scored = extractor.scorer.score(dialogue)
    found = statements(transcript, dialogue, scored, extractor.scorer.thresholds, extractor.settings)
    lines = lines_of(dialogue, found, _names(extractor.nlp), scored.parts)
    told = switch(transcript, lines, found)
    free = solution_free(found, dialogue, own_names(transcript, told))
    return Extraction(transcript.transcript_id, tuple(free), len(participants(dialogue)), told)


def _names(nlp: Language) -> Callable[[Doc], Doc]:
    tagger: Callable[[Doc], Doc] = nlp.get_pipe("ner")
    return tagger


def rule_folders(settings: ExtractSettings) -> list[Path]:
    """Where cue rules are read from: ours, then the user's."""
    folders = [models_folder() / "cues"]
    return [*folders, Path(settings.rules)] if settings.rules else folders

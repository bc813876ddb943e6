"""One transcript with its persons replaced; offsets found later are offsets in the new text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.config import PrivacySettings
from pipeline.ingest.lexicon import fold as fold_label
from pipeline.ingest.lexicon import is_generic
from pipeline.ingest.people import first_name_first
from pipeline.ingest.privacy.items import Item, resolved
from pipeline.ingest.privacy.lexicon import Kind, Lexicon, Phrases, fold, phrases, split_words, word_lists
from pipeline.ingest.privacy.people import Known, Text, names_in
from pipeline.ingest.privacy.pseudonyms import Pseudonyms
from pipeline.ingest.privacy.words_of import Word, capitalised, is_shouted, is_uncased, words_of
from pipeline.records import Speaker, Transcript, Turn

if TYPE_CHECKING:
    from pipeline.ingest.privacy.analyzer import Analyzer

_PERSON_KEYS = frozenset(
    "participant participant_name interviewer name names present attendees speakers "
    "transcribed_by transcriber recorded_by "
    "interviewed_by notetaker note_taker author contact observer observers client moderator "
    "moderators email phone address".split()
)
"""Metadata that names people: every name in it is replaced, known or not."""
_THING_KEYS = frozenset(
    "product products company brand service competitor competitors segment topic tool".split()
)
"""Metadata that names what the talk is about: evidence, and no person."""
_DROPPED = frozenset({"roles"})
_PARTS = re.compile(r"\s*(?:[,;/&+]|\band\b)\s*")
_PIECE = 20_000
"""Characters tagged at once."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """What replacing needs, loaded once per worker."""

    analyzer: Analyzer
    lexicon: Lexicon
    pseudonyms: Pseudonyms
    settings: PrivacySettings
    keep: Phrases
    terms: re.Pattern[str] | None


def prepared(settings: PrivacySettings, key: bytes) -> Privacy:
    """Everything that is heavy, for these settings and this key."""
    from pipeline.ingest.privacy.analyzer import Analyzer, common_words

    kinds, products, short_forms, cues = word_lists()
    lexicon = Lexicon(kinds, common_words(), products, short_forms, cues)
    terms = sorted(
        (re.escape(term.strip()) for term in settings.terms if term.strip()), key=len, reverse=True
    )
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(terms)})(?!\w)", re.IGNORECASE) if terms else None
    keep = phrases([term.strip() for term in settings.keep])
    return Privacy(Analyzer(), lexicon, Pseudonyms(key, lexicon), settings, keep, pattern)


def private(transcript: Transcript, privacy: Privacy) -> Transcript:
    """The transcript with every person, address and number in it replaced as ``privacy.mode`` says."""
    names = known_names(transcript, privacy.lexicon)
    things = {key: value for key, value in transcript.metadata.items() if key in _THING_KEYS}
    known = Known(names, {**privacy.keep, **_things(things.values(), names)})
    labels = _labels(transcript.speakers, privacy)
    free = {
        key: value
        for key, value in transcript.metadata.items()
        if key not in _PERSON_KEYS | _THING_KEYS | _DROPPED
    }
    texts = [turn.text for turn in transcript.turns]
    replaced = _replaced([*texts, *free.values()], known, privacy)
    metadata = dict(zip(free, replaced[len(texts) :], strict=True)) | {
        key: _people(value, privacy) for key, value in transcript.metadata.items() if key in _PERSON_KEYS
    }
    metadata |= {key: _without(value, names, privacy) for key, value in things.items()}
    return dataclasses.replace(
        transcript,
        turns=tuple(
            _turn(turn, text, labels, privacy) for turn, text in zip(transcript.turns, replaced, strict=False)
        ),
        speakers=tuple(_speaker(one, labels, privacy) for one in transcript.speakers),
        study=_without(transcript.study, names, privacy) if transcript.study else None,
        metadata={key: metadata[key] for key in transcript.metadata if key in metadata},
    )


def _turn(turn: Turn, text: str, labels: dict[str, str], privacy: Privacy) -> Turn:
    person = privacy.pseudonyms.of_id(turn.participant_id) if turn.participant_id else None
    return dataclasses.replace(
        turn, text=text, speaker=labels.get(turn.speaker, turn.speaker), participant_id=person
    )


def _speaker(speaker: Speaker, labels: dict[str, str], privacy: Privacy) -> Speaker:
    person = privacy.pseudonyms.of_id(speaker.participant_id) if speaker.participant_id else None
    return dataclasses.replace(speaker, name=labels[speaker.name], participant_id=person)


# -- speakers -------------------------------------------------------------------------------------------------


def known_names(transcript: Transcript, lexicon: Lexicon) -> frozenset[str]:
    """The words of the names that the file itself gives: of its speakers, and in metadata on people."""
    given = [speaker.name for speaker in transcript.speakers]
    given += [part for key in _PERSON_KEYS for part in _PARTS.split(transcript.metadata.get(key, ""))]
    return frozenset(
        word.folded
        for name in given
        if _names_a_person(name, lexicon)
        for word in words_of(name, lexicon)
        if len(word.folded) > 1
        and (not _is_mere_word(word) or _may_be_called(word, lexicon))
        and word.folded not in lexicon.cues.person["particles"] | lexicon.cues.person["titles"]
    )


def _names_a_person(label: str, lexicon: Lexicon) -> bool:
    """Whether a label names somebody: no role, no number; words of the language alone only if written like a name."""
    if not label.strip() or is_generic(fold_label(label)):
        return False
    words = words_of(label, lexicon)
    if any(not _is_mere_word(word) for word in words):
        return True
    return 0 < len(words) < 3 and all(_may_be_called(word, lexicon) for word in words)


def _may_be_called(word: Word, lexicon: Lexicon) -> bool:
    """Whether a mere word can be somebody's name: ``Sky``, not ``Customer``."""
    nouns = lexicon.cues.person["roles"] | lexicon.cues.thing["nouns"] | lexicon.cues.thing["after"]
    return word.shape == "title" and not word.kind & Kind.FUNCTION and word.folded not in nouns


def _is_mere_word(word: Word) -> bool:
    return bool(word.kind & Kind.COMMON) and not word.kind & ~Kind.COMMON


def _labels(speakers: Sequence[Speaker], privacy: Privacy) -> dict[str, str]:
    """What each speaker is called from now on; two never become one."""
    given: dict[str, str] = {}
    taken = {one.name for one in speakers if not _names_a_person(one.name, privacy.lexicon)}
    for speaker in speakers:
        if speaker.name in taken and not _names_a_person(speaker.name, privacy.lexicon):
            given[speaker.name] = speaker.name
            continue
        wanted = (
            _person(speaker.name, privacy)
            if privacy.settings.mode == "pseudonym"
            else _numbered(speaker.role, 1)
        )
        number = 1
        while wanted in taken:
            number += 1
            wanted = (
                f"{_person(speaker.name, privacy)} {number}"
                if privacy.settings.mode == "pseudonym"
                else _numbered(speaker.role, number)
            )
        taken.add(wanted)
        given[speaker.name] = wanted
    return given


def _numbered(role: str, number: int) -> str:
    return f"{'Speaker' if role == 'other' else role.capitalize()} {number}"


def _person(name: str, privacy: Privacy) -> str:
    """The pseudonym of a whole name, surname last."""
    skipped = privacy.lexicon.cues.person["particles"] | privacy.lexicon.cues.person["titles"]
    found = words_of(first_name_first(name), privacy.lexicon)
    words = [word.folded for word in found if len(word.folded) > 1 and word.folded not in skipped]
    return privacy.pseudonyms.of_name(words or [fold_label(name)])


def _people(value: str, privacy: Privacy) -> str:
    """Metadata that names people: generic labels stay, names are replaced, everything else found as in talk."""
    found = privacy.analyzer.items(value)
    if found:
        value = _written(value, resolved(found), privacy, uncased=False)
    parts = []
    for part in _PARTS.split(value):
        if not part or part.startswith("[") or not _names_a_person(part, privacy.lexicon):
            parts.append(part)
        else:
            parts.append(_person(part, privacy) if privacy.settings.mode == "pseudonym" else "[name]")
    return ", ".join(part for part in parts if part)


def _without(value: str, names: Collection[str], privacy: Privacy) -> str:
    """The team's own word for a study or a product: only the names that the file gives are replaced in it."""
    words = words_of(value, privacy.lexicon)
    items = [Item("name", word.start, word.end) for word in words if word.folded in names]
    return _written(value, items, privacy, uncased=value.islower())


def _things(values: Iterable[str], names: frozenset[str]) -> Phrases:
    """What the metadata call products and companies, up to a bracket: never a person's name in the talk."""
    told = [part for value in values for part in _PARTS.split(value.partition("(")[0])]
    return phrases([part for part in told if part and names.isdisjoint(split_words(part))])


# -- texts ----------------------------------------------------------------------------------------------------


def _replaced(texts: Sequence[str], known: Known, privacy: Privacy) -> list[str]:
    """The texts of one interview with everything replaced."""
    return [
        _written(text, items, privacy, uncased=bare) if items else text
        for text, (items, bare) in zip(texts, found_in(texts, known, privacy), strict=True)
    ]


def found_in(texts: Sequence[str], known: Known, privacy: Privacy) -> list[tuple[list[Item], bool]]:
    """For each text of one interview what is to be replaced in it, and whether it is written in small letters."""
    words = [words_of(text, privacy.lexicon) for text in texts]
    flat = [is_uncased(found) or is_shouted(found) for found in words]
    labels = _tagged(texts, words, flat, privacy)
    looked = [Text(*row) for row in zip(texts, words, labels, strict=True)]
    names = names_in(looked, known, privacy.lexicon)
    done = []
    for text, found, runs in zip(texts, words, names, strict=True):
        items = [Item("name", found[first].start, found[last - 1].end) for first, last in runs]
        items += privacy.analyzer.items(text)
        items += [Item("link", *span) for span in _joined_names(text, known.names)]
        if privacy.terms:
            items += [Item("term", match.start(), match.end()) for match in privacy.terms.finditer(text)]
        done.append((resolved(items), is_uncased(found)))
    return done


def _tagged(
    texts: Sequence[str], words: Sequence[Sequence[Word]], flat: Sequence[bool], privacy: Privacy
) -> list[list[str]]:
    """For each word what the tagger calls it; texts without capitals are tagged with capitals put in."""
    shown = [
        capitalised(text, found) if bare else text
        for text, found, bare in zip(texts, words, flat, strict=True)
    ]
    pieces = [
        (number, start, text[start : start + _PIECE])
        for number, text in enumerate(shown)
        for start in range(0, len(text), _PIECE)
    ]
    labels = [[""] * len(found) for found in words]
    for (number, offset, _), entities in zip(
        pieces, privacy.analyzer.tagged(piece for _, _, piece in pieces), strict=True
    ):
        for start, end, label in entities:
            for i, word in enumerate(words[number]):
                if word.start >= offset + end:
                    break
                if word.end > offset + start:
                    labels[number][i] = label
    return labels


def _joined_names(text: str, names: frozenset[str] | object) -> list[tuple[int, int]]:
    """Words that hold a speaker's name in one piece with something else: ``danapetrov82``."""
    long = [name for name in names if len(name) > 4] if isinstance(names, frozenset) else []
    if not long or not any(char.isdigit() or char in "_." for char in text):
        return []
    pattern = re.compile(rf"[\w.]*(?:{'|'.join(map(re.escape, long))})[\w.]*[\d_][\w.]*", re.IGNORECASE)
    return [match.span() for match in pattern.finditer(text)]


def _written(text: str, items: Sequence[Item], privacy: Privacy, *, uncased: bool) -> str:
    """The text with each item's stand-in in its place."""
    parts, last = [], 0
    for item in items:
        parts.append(text[last : item.start])
        parts.append(_stand_in(text[item.start : item.end], item.kind, privacy, uncased=uncased))
        last = item.end
    return "".join([*parts, text[last:]])


def _stand_in(original: str, kind: str, privacy: Privacy, *, uncased: bool) -> str:
    if privacy.settings.mode == "mask" or kind not in ("name", "term"):
        return f"[{kind}]"
    if kind == "term":
        return _cased(privacy.pseudonyms.of_word(fold(" ".join(original.split()))), original, uncased=uncased)
    particles = privacy.lexicon.cues.person["particles"]
    words = [
        word.folded
        for word in words_of(original, privacy.lexicon)
        if len(word.folded) > 1 and word.folded not in particles
    ]
    return _cased(privacy.pseudonyms.of_name(words or [fold(original)]), original, uncased=uncased)


def _cased(name: str, original: str, *, uncased: bool) -> str:
    """The name written as the original is: in small letters, in capitals, or as names are."""
    change: Callable[[str], str] = (
        str.lower
        if uncased or original.islower()
        else str.upper
        if original.isupper() and len(original) > 1
        else str
    )
    return change(name)

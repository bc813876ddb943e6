"""Which words of an interview name persons: evidence word by word, then agreement over the whole interview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.privacy.evidence import Sight, look
from pipeline.ingest.privacy.lexicon import Kind, Lexicon, Phrases
from pipeline.ingest.privacy.words_of import Word, is_shouted, is_uncased

THRESHOLD = 0.75
"""Evidence from which a word is a name; set on the development part of the planted set."""
_KNOWN = 0.45
"""Added for a word that is somebody's name elsewhere in the interview, where it is a word of the language as well."""
_TAGGED = 0.15
"""Added for an unknown word that the tagger calls a person more often than not."""
_CERTAIN = 1.1
"""Evidence from which a mention of an unknown word is a name, whatever its other mentions are."""
_IMPOSSIBLE = -5.0
_PLAUSIBLE = 0.1
_AGAINST = -0.35
"""A mention with less evidence than this is not taken even where the word is a name elsewhere."""

_LEADING = frozenset({"van", "von", "der", "den", "de", "du", "da", "dos", "del", "della", "bin", "ibn"})
"""Small words that a surname begins with."""


@dataclass(frozen=True, slots=True)
class Text:
    """One turn to look at: its words, and what the tagger calls each (``PERSON``, ``ORG``, ... or '')."""

    text: str
    words: Sequence[Word]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before looking: names of the speakers and the like, and phrases never to be replaced."""

    names: Collection[str] = ()
    keep: Phrases = field(default_factory=dict)


def names_in(texts: Sequence[Text], known: Known, lexicon: Lexicon) -> list[list[tuple[int, int]]]:
    """For each text the positions (first, last word + 1) of names of persons, in order."""
    seen = [look(text.words, text.labels, lexicon, _kept(text.words, known, lexicon)) for text in texts]
    _vote(texts, seen)
    established = _established(texts, seen) | {name for name in known.names if len(name) > 1}
    called = frozenset(known.names)
    return [
        _runs(text, _taken(text, sights, established, called, lexicon), lexicon)
        for text, sights in zip(texts, seen, strict=True)
    ]


def _kept(words: Sequence[Word], known: Known, lexicon: Lexicon) -> dict[int, int]:
    """Positions of words in products and other phrases that are no persons, with the phrase's length."""
    found: dict[int, int] = {}
    for phrases, spare in ((lexicon.products, True), (known.keep, False)):
        for i, word in enumerate(words):
            for phrase in phrases.get(word.full, ()):
                inside = words[i : i + len(phrase)]
                if tuple(one.full for one in inside) != phrase:
                    continue
                if not (spare and any(one.folded in known.names for one in inside)):
                    for k in range(len(phrase)):
                        found[i + k] = max(found.get(i + k, 0), len(phrase) if spare else 9)
                break
    return found


def _vote(texts: Sequence[Text], seen: Sequence[Sequence[Sight]]) -> None:
    """An unknown word is one thing throughout an interview: its mentions decide together whether a person.

    Products have unknown names, too, and now and then stand where persons stand; so a third of the mentions must
    speak for a person, and more of them than speak for a thing.
    """
    mentions: defaultdict[str, list[Sight]] = defaultdict(list)
    for text, sights in zip(texts, seen, strict=True):
        for word, sight in zip(text.words, sights, strict=True):
            if not word.kind and sight.score > _IMPOSSIBLE:
                mentions[word.folded].append(sight)
    for group in mentions.values():
        things = sum(one.is_thing for one in group)
        persons = sum(one.score >= THRESHOLD for one in group)
        tagged = sum(one.tagged for one in group)
        if 2 * tagged > len(group) and not things:
            for one in group:
                one.score += _TAGGED * one.tagged
        if persons * 3 < len(group) or persons <= things:
            for one in group:
                if one.score < _CERTAIN:
                    one.score = (
                        min(one.score, THRESHOLD - 0.01)
                        if not (things == 0 and tagged == len(group))
                        else one.score
                    )


def _established(texts: Sequence[Text], seen: Sequence[Sequence[Sight]]) -> set[str]:
    """Words that are somebody's name in the interview: doubtful ones only if a third of the mentions say so."""
    total: defaultdict[str, int] = defaultdict(int)
    sure: defaultdict[str, int] = defaultdict(int)
    unknown: set[str] = set()
    for text, sights in zip(texts, seen, strict=True):
        for word, sight in zip(text.words, sights, strict=True):
            if len(word.folded) > 1 and sight.score > _IMPOSSIBLE:
                total[word.folded] += sight.score > _PLAUSIBLE
                sure[word.folded] += sight.score >= THRESHOLD
                if not word.kind & (Kind.GIVEN | Kind.SURNAME):
                    unknown.add(word.folded)
    return {
        word for word, count in sure.items() if count and (word not in unknown or 3 * count >= total[word])
    }


def _taken(
    text: Text,
    sights: Sequence[Sight],
    established: Collection[str],
    called: Collection[str],
    lexicon: Lexicon,
) -> list[bool]:
    """For each word whether it names a person; ``called`` are the speakers' names."""
    cased = not (is_uncased(text.words) or is_shouted(text.words))
    taken = []
    for i, (word, sight) in enumerate(zip(text.words, sights, strict=True)):
        score = sight.score
        stem = word.folded[:-1] if word.folded.endswith("s") and not word.kind else word.folded
        if stem != word.folded and stem in established and word.shape != "lower":
            score = THRESHOLD
        elif word.folded in established and score < THRESHOLD:
            ambiguous = word.kind & (Kind.COMMON | Kind.GIVEN_WORD | Kind.GIVEN_PLACE | Kind.SURNAME_WORD)
            known = word.kind & (Kind.GIVEN | Kind.SURNAME)
            if word.folded in called and word.opens and word.shape == "title" and _addressed(text.words, i):
                score = THRESHOLD
            elif not ambiguous or known or (cased and word.shape != "lower" and not word.opens):
                score = THRESHOLD if score > _AGAINST else score
            elif not cased or word.shape != "lower":
                score += _KNOWN
        taken.append(score >= THRESHOLD)
    _join_surnames(text, sights, taken, lexicon)
    return taken


def _addressed(words: Sequence[Word], i: int) -> bool:
    """Whether a comma or the end follows: ``Sky, when did you ...``"""
    return i + 1 < len(words) and words[i + 1].gap[:1] in (",", "?", "!")


def _join_surnames(text: Text, sights: Sequence[Sight], taken: list[bool], lexicon: Lexicon) -> None:
    """What stands right behind or before a name and looks like its other part belongs to it."""
    words = text.words
    uncased = is_uncased(words)
    particles = lexicon.cues.person["particles"]
    for i in range(1, len(words)):
        back = i - 1
        while back > 0 and i - back < 4 and words[back].folded in particles and not taken[back]:
            back -= 1
        if (
            not taken[back]
            or taken[i]
            or sights[i].kept
            or not all(_close(word) for word in words[back + 1 : i + 1])
            or words[back].owns
        ):
            continue
        word = words[i]
        if uncased:
            surname = word.kind & (Kind.SURNAME | Kind.SURNAME_WORD) and sights[i].may_close_name
            taken[i] = bool(surname) or (back == i - 1 and not word.kind and len(word.folded) > 2)
        elif word.shape != "lower":
            taken[i] = (
                not (word.kind & Kind.COMMON and not word.kind & ~Kind.COMMON) and not sights[i].is_thing
            )
    for i in range(len(words) - 1, 0, -1):
        before = words[i - 1]
        joined = words[i].gap in (" ", ". ", ".") and taken[i] and not taken[i - 1] and not sights[i - 1].kept
        if (
            joined
            and not before.owns
            and _first_name(before, sights[i - 1], text.labels[i - 1], words[i], uncased=uncased)
        ):
            taken[i - 1] = True
        if joined and (
            (before.is_initial and before.folded not in ("i", "a"))
            or (before.is_initial and words[i].gap == ". ")
            or before.folded in _LEADING
        ):
            taken[i - 1] = True


def _first_name(word: Word, sight: Sight, label: str, surname: Word, *, uncased: bool) -> bool:
    """Whether an unknown word before a surname is the given name that goes with it."""
    if (
        word.kind & ~(Kind.GIVEN_WORD | Kind.GIVEN_PLACE | Kind.SURNAME_WORD)
        or sight.is_thing
        or sight.kept
        or len(word.folded) < 3
    ):
        return False
    if not surname.kind & Kind.SURNAME or surname.kind & Kind.GIVEN or not sight.score > _IMPOSSIBLE:
        return False
    return not word.kind if uncased else word.shape == "title" and (label == "PERSON" or not word.opens)


def _runs(text: Text, taken: Sequence[bool], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Neighbouring names joined, particles between them included."""
    words = text.words
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(words):
        if not taken[i]:
            i += 1
            continue
        end = i + 1
        while end < len(words):
            step = end
            while (
                step < len(words)
                and step - end < 3
                and words[step].folded in lexicon.cues.person["particles"]
                and not taken[step]
            ):
                step += 1
            if (
                step < len(words)
                and taken[step]
                and not words[end - 1].owns
                and all(_close(word) for word in words[end : step + 1])
            ):
                end = step + 1
            else:
                break
        found.append((i, end))
        i = end
    return found


def _close(word: Word) -> bool:
    """Whether a word stands so close behind the one before that both can be one name."""
    return word.gap in (" ", "-", "  ") or (word.gap in (". ", ".") and not word.opens)

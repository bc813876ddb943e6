"""How much the place a word stands in says that it names a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.privacy.lexicon import Cues, Kind, Lexicon
from pipeline.ingest.privacy.words_of import Word, is_shouted, is_uncased

_NAME_SHAPE = re.compile(
    r"(?:Mc|Mac(?=[A-Z])|O['’]|Fitz|D['’])[A-Z]\w+|\w{3,}(?:ovic|ović|owski|owska|opoulos|idis|"
    r"enko|shvili|adze|wicz|ssen|sson|quist|ström|strom|escu|nathan|amurthy|singhe)$"
)
_LONGEST_NAME = 8
"""Words of a name that are looked back over."""
_TIMES = frozenset({"DATE", "TIME", "NORP", "LANGUAGE"})
_BEING = frozenset({"is", "was", "are", "were", "be", "been"})
_SOMEBODY = frozenset({"someone", "somebody", "one", "he's", "she's", "who's", "they're"})
_STARTS = frozenset(
    (
        "and then so but because cos when that if while until since as yeah um uh well oh like "
        "okay or no yes now only even think thought know where before after though says said"
    ).split()
)
_SAINTS = frozenset(
    {"san", "santa", "st", "saint", "los", "las", "fort", "mount", "lake", "port", "new", "el", "cape"}
)
_FIRMS = frozenset(
    (
        "company app tool platform software service startup bank shop store brand site website "
        "agency vendor product system provider library framework language firm plugin"
    ).split()
)
_TOLD = frozenset("to if whether that about how what for where when he she and i we".split())
_PAST = re.compile(
    r"[a-z]{2,}ed|went|left|came|took|made|gave|sent|set|got|did|ran|kept|began|saw|bought|"
    r"found|put|won|lost|led|drove|wrote|broke|built|brought|caught|drew|fell|flew|grew|heard|"
    r"held|hid|hit|paid|read|rode|sang|sold|spent|spoke|stood|swam|taught|threw|thought|woke|"
    r"wore|felt|met|tried|swore|slept"
)
_SPEAKING = frozenset(
    "said spoke speak talked talk married engaged apologised apologized lied whispered".split()
)
_OPENERS = frozenset(
    "ok okay so well yeah right now thanks and said honestly look listen anyway sorry no yes alright oh but".split()
)
_ADDRESSED = frozenset(
    (
        "what how when where why who which you do did tell can could would i let's so that's is "
        "are was were and have if don't we it your thanks"
    ).split()
)
_UNITS = frozenset(
    (
        "accounts accounting sales marketing hr it support finance legal ops operations church "
        "work school reception engineering product design procurement payroll college university "
        "church"
    ).split()
)
_ASKED = frozenset(
    (
        "asked ask told tell got get wanted want invited invite let made make helped help showed "
        "show gave give sent send paid pay taught teach saw see had have hired trusted trust"
    ).split()
)
_AMBIGUOUS = Kind.GIVEN_WORD | Kind.GIVEN_PLACE | Kind.SURNAME_WORD
_NAMES = Kind.GIVEN | Kind.SURNAME


@dataclass(slots=True)
class Sight:
    """What one look at a word gives; ``score`` from 0.75 makes it a name."""

    score: float
    tagged: bool = False
    """The tagger calls it (part of) a person."""
    is_thing: bool = False
    """It stands where products and companies stand."""
    kept: bool = False
    """It is part of a phrase that is never replaced."""
    may_close_name: bool = True
    """It could be a surname after a given name."""


def look(
    words: Sequence[Word], labels: Sequence[str], lexicon: Lexicon, kept: Mapping[int, int]
) -> list[Sight]:
    """One sight per word; ``kept`` gives positions in phrases that are no persons, and their lengths."""
    uncased = is_uncased(words) or is_shouted(words)
    sights: list[Sight] = []
    for i, word in enumerate(words):
        place = _Place(words, i, lexicon.cues, sights)
        base = _base(word, uncased=uncased)
        if base is None or kept.get(i, 0) > 1 or place.behind_saint():
            sights.append(Sight(-9.0, kept=i in kept, may_close_name=False))
            continue
        ahead = max(place.before_cue(), place.listed())
        behind = place.after_cue()
        cue = ahead + behind
        thing, strong = place.thing(), ahead >= 0.65 or behind >= 1
        score = (
            base
            + cue
            + (0.0 if strong else thing)
            + place.geography()
            + (0.0 if strong else place.calendar(uncased=uncased))
        )
        tag = _tag(labels[i], word, uncased=uncased)
        if (uncased and not word.kind and cue < 0.3) or (
            tag < 0 and word.kind & Kind.GIVEN_WORD and thing == 0 and labels[i] not in _TIMES
        ):
            tag = 0.0
        score += max(tag, 0.0) if strong else tag
        if i in kept and not strong and not place.has_surname():
            score -= 0.35 if word.kind & Kind.GIVEN_WORD and not uncased else 1.2
        if uncased and word.kind & Kind.COMMON and not word.kind & (_NAMES | _AMBIGUOUS) and ahead < 2:
            score -= 1.0
        sights.append(Sight(score, labels[i] == "PERSON", thing <= -0.5, i in kept, place.closes_name()))
    return sights


def _base(word: Word, *, uncased: bool) -> float | None:
    """What the word alone says; None where it can be no name at all."""
    kind = word.kind
    if kind & Kind.FUNCTION and word.opens and not kind & (Kind.GIVEN | Kind.GIVEN_WORD):
        return None  # So, Do, He: surnames elsewhere
    if len(word.folded) < 2 or (
        kind & Kind.FUNCTION and (uncased or word.shape == "lower" or not kind & (_NAMES | _AMBIGUOUS))
    ):
        return None
    if word.shape == "lower" or uncased:
        if not uncased and not kind & _NAMES:
            return None
        if kind & Kind.GIVEN:
            return 0.9 if uncased else 0.75
        if kind & Kind.SURNAME:
            return 0.8 if uncased else 0.6
        if kind & Kind.COMMON and not kind & _AMBIGUOUS:
            return -0.4
        if kind & Kind.GIVEN_WORD and not kind & Kind.COMMON:
            return 0.4
        return (
            0.0 if kind & (Kind.GIVEN_WORD | Kind.GIVEN_PLACE) else -0.3 if kind & Kind.SURNAME_WORD else 0.05
        )
    if kind & Kind.GIVEN:
        return 1.0
    if kind & Kind.SURNAME:
        return 0.7
    if kind & (Kind.GIVEN_WORD | Kind.GIVEN_PLACE):
        if word.opens:
            return 0.15 if kind & Kind.COMMON else 0.4
        return 0.35 if kind & Kind.GIVEN_PLACE else 0.75
    if kind & Kind.SURNAME_WORD:
        return -0.1 if word.opens else 0.15
    if kind & Kind.COMMON:
        return -0.8 if word.opens else -0.2
    shaped = 0.45 if _NAME_SHAPE.search(word.text) else 0.0
    if word.text.isupper() and len(word.text) < 5:
        return -0.4
    if not word.text[1:].islower() and not shaped and "-" not in word.text:
        return -0.5
    return 0.15 + shaped


def _tag(label: str, word: Word, *, uncased: bool) -> float:
    known = word.kind & _NAMES
    if label == "PERSON":
        if uncased and not word.kind:
            return 0.25
        return 0.55 if word.opens and word.kind & Kind.GIVEN_WORD else 0.45
    if known:
        return -0.1 if label in ("ORG", "PRODUCT", "WORK_OF_ART", "FAC") else 0.0
    if label in ("ORG", "PRODUCT", "WORK_OF_ART", "FAC", "EVENT", "LAW"):
        return 0.0 if uncased else -0.15
    return {"GPE": -0.3, "LOC": -0.3, "NORP": -0.6, "LANGUAGE": -0.6, "DATE": -0.6, "TIME": -0.4}.get(
        label, 0.0
    )


class _Place:
    """The place of one word among its neighbours."""

    def __init__(self, words: Sequence[Word], i: int, cues: Cues, seen: Sequence[Sight]) -> None:
        self.words, self.i, self.word = words, i, words[i]
        self.person, self.things, self.places, self.months = cues.person, cues.thing, cues.place, cues.month
        self.seen = seen
        self.first = self._first_of_name()
        self.gap = words[self.first].gap

    def _first_of_name(self) -> int:
        """The first word of the run of names that this one goes on."""
        first = self.i
        while (
            first > 0
            and self.i - first < _LONGEST_NAME
            and self.words[first].gap in (" ", ". ", ".", "-")
            and not (self.words[first].opens and "." in self.words[first].gap)
            and (self.seen[first - 1].score >= 0.75 or self.words[first - 1].is_initial)
            and not self.words[first - 1].owns
        ):
            first -= 1
        return first

    def before(self, back: int = 1) -> str:
        """The folded word before the name, '' across the end of a sentence."""
        at = self.first - back
        if at < 0 or any(self.words[k].opens for k in range(at + 1, self.first + 1)):
            return ""
        return self.words[at].folded

    def after(self, ahead: int = 1) -> str:
        """The folded word after this one, '' across a full stop."""
        at = self.i + ahead
        if at >= len(self.words) or any(self.words[k].opens for k in range(self.i + 1, at + 1)):
            return ""
        return self.words[at].folded

    def after_cue(self) -> float:
        """How much what follows says that this is a person."""
        return max(self._after(), self._surname_follows(), self._listed_ahead())

    def before_cue(self) -> float:
        """How much what stands before says that this is a person."""
        one, two = self.before(), self.before(2)
        gap = self.gap.strip()
        tight = gap in ("", ".")
        if self.first < self.i and self.seen[self.i - 1].score >= 0.75:
            return 0.35
        if one in ("is", "was") and two in ("name", "surname", "nickname") and self._owned_name():
            return 2.2
        if (
            one in self.person["titles"]
            and tight
            and not (one in self.person["roles"] and two in ("a", "the"))
        ):
            return 1.0
        if one in self.person["roles"] and not self.words[self.first - 1].owns and gap in ("", ",", "—", "-"):
            return self._role(two, tight=tight)
        if introduced := self._introduced(one, two):
            return introduced
        if one in self.person["greetings"] and gap in ("", ",") and (one != "you" or two == "thank"):
            return 0.55 if one != "sorry" else 0.35
        if (
            one in ("and", "&")
            and two in ("me", "i")
            and tight
            and self.word.kind & (_NAMES | Kind.GIVEN_WORD | Kind.GIVEN_PLACE)
        ):
            return 0.75
        if one in self.person["done_to"] and tight:
            return 0.45
        if one in ("to", "with") and two in _SPEAKING and tight:
            return 0.75 if self.word.kind & (_NAMES | Kind.GIVEN_WORD | Kind.GIVEN_PLACE) else 0.3
        if one in _OPENERS and gap in ("", ",") and self.after() in _ADDRESSED:
            return 0.3
        if one in self.person["before_weak"] and gap in ("", ","):
            return 0.15
        return 0.0

    def _role(self, owner: str, *, tight: bool) -> float:
        if owner in ("my", "our", "his", "her", "their", "your"):
            return 0.95 if tight else 0.7
        return 0.65 if tight and owner in self.person["owners"] else 0.4 if tight else 0.2

    def _introduced(self, one: str, two: str) -> float:
        """``my name is X``, ``a guy called X``, ``I'm X``."""
        if (one in ("is", "was", "name's") and two in ("name", "names", "surname", "nickname")) or one in (
            "name's",
            "surname",
        ):
            return 1.0
        if one in ("called", "named", "is", "was") and self.gap.strip() == "":
            holder = self.before(3) if two in _BEING and one in ("called", "named") else two
            if (
                holder in self.person["roles"]
                or holder in _SOMEBODY
                or two in _SOMEBODY
                or (two in _BEING and holder in ("he", "she", "who", "they", "that"))
            ):
                return 0.9 if one in ("called", "named") or self.word.kind & (_NAMES | _AMBIGUOUS) else 0.5
            if one in ("called", "named"):
                return 0.1 if holder in self.things["nouns"] else 0.3
        if (
            one in ("i'm", "im")
            or (one == "am" and two == "i")
            or (one == "me" and two == "call")
            or one in ("nicknamed", "née", "nee")
        ):
            return 0.9 if one == "me" else 0.35
        if (one, two) in (
            ("is", "this"),
            ("is", "here"),
            ("it's", ""),
            ("was", "it"),
            ("is", "that"),
        ) or one in ("it's", "here's", "that's"):
            return 0.3
        return 0.0

    def _owned_name(self) -> bool:
        """``my name is``, ``his last name was``, ``my dad's name is``."""
        owners = ("my", "our", "his", "her", "their", "your")
        at = self.first - 3
        return self.before(3) in owners or self.before(4) in owners or (at >= 0 and self.words[at].owns)

    def listed(self) -> float:
        """``Ana and X``, ``Ana, X and ...``: one of several names."""
        at = self.first - 1
        if at < 1:
            return 0.0
        if (
            self.words[at].folded in ("and", "or")
            and self.seen[at - 1].score >= 0.75
            and self.gap.strip() == ""
            and self.words[at].gap == " "
        ):
            return 0.65
        if self.gap.strip() in (",", "&", "and") and self.seen[at].score >= 0.75:
            return 0.4
        return 0.0

    def _listed_ahead(self) -> float:
        """``X and Ana``: a clear given name joined to this one."""
        at = self.i + 2
        if (
            at >= len(self.words)
            or self.word.owns
            or self.after() not in ("and", "or")
            or self.words[self.i + 1].gap != " "
        ):
            return 0.0
        other = self.words[at]
        known = self.word.kind & (_NAMES | Kind.GIVEN_WORD | Kind.GIVEN_PLACE)
        return (
            (0.75 if known else 0.4)
            if other.kind & Kind.GIVEN and other.gap == " " and other.shape == self.word.shape
            else 0.0
        )

    def _after(self) -> float:
        one, two = self.after(), self.after(2)
        gap = self.words[self.i + 1].gap.strip(" ") if self.i + 1 < len(self.words) else "."
        if self.word.owns:
            return 0.4 if one in self.person["roles"] or two in self.person["roles"] else 0.1
        if gap == "" and one == self.word.folded and self.word.shape == "title":
            return 0.75  # Will will, Mark marks
        if gap == "" and (one, two) in (("was", "born"), ("is", "born"), ("were", "born")):
            return 1.2
        if gap == "" and one in self.person["doing"]:
            return 0.45 + self._subject()
        if (
            gap == ""
            and (one in self.person["doing_too"] or _PAST.fullmatch(one))
            and self.word.kind & (_NAMES | Kind.GIVEN_WORD | Kind.GIVEN_PLACE)
        ):
            return 0.3 + 1.5 * self._subject()
        if gap == "" and one in ("and", "&") and two in ("i", "me"):
            return 0.75 if two == "i" and (self.word.opens or self._subject()) else 0.4
        if (
            gap == ""
            and one in ("is", "was")
            and two in ("my", "our", "his", "her")
            and self.after(3) in self.person["roles"]
        ):
            return 0.8
        if gap == "," and (
            (one in ("my", "our", "his", "her", "their") and two in self.person["roles"]) or one == "who"
        ):
            return 0.6
        if gap == "" and one == "from" and two in _UNITS:
            return 0.8
        if gap == "" and one == "who":
            return 0.45
        if gap == "" and one in ("at", "from", "in", "on", "over", "down"):
            return self._located(two)
        if gap == "" and one in _TOLD and self.before() in _ASKED and self.before() in self.person["done_to"]:
            return 0.35
        if gap == "" and one in self.person["doing_weak"]:
            return 0.12 + 0.5 * self._subject() * bool(self.word.kind & (_NAMES | _AMBIGUOUS))
        if gap == "," and self.word.opens and self.i == self.first and self.word.shape != "lower":
            return 0.3
        if self.gap.strip() == "," and gap[:1] in (".", "?", "!", ","):
            return 0.25
        return 0.0

    def _located(self, two: str) -> float:
        """``Rose at the surgery told me``, ``Daisy from the flower shop``: a person and where to find her."""
        if any(self.after(k) in self.person["doing"] for k in range(3, 6)) and self._subject():
            return 0.75
        if self.after() == "from" and two in (
            "the",
            "my",
            "our",
            "next",
            "across",
            "down",
            "upstairs",
            "downstairs",
        ):
            return 0.6 if self.word.opens and self.word.shape != "lower" else 0.3
        return 0.0

    def _subject(self) -> float:
        """Whether the word stands where a subject begins: at the start, or behind a word that joins clauses."""
        if self.word.opens and self.word.shape != "lower":
            return 0.3
        return 0.3 if self.before() in _STARTS or self.first == 0 else 0.0

    def _surname_follows(self) -> float:
        """A clear surname behind a word that can be a given name makes it one."""
        if self.i + 1 >= len(self.words):
            return 0.0
        ahead = self.words[self.i + 1]
        if ahead.gap not in (" ", "-") or self.word.owns:
            return 0.0
        if ahead.kind & Kind.SURNAME and ahead.shape == self.word.shape:
            return 0.6 if self.word.kind & (Kind.GIVEN_WORD | Kind.GIVEN_PLACE) or not self.word.kind else 0.2
        return 0.0

    def has_surname(self) -> bool:
        """Whether a clear surname follows."""
        return self._surname_follows() > 0

    def thing(self) -> float:
        """How much the neighbours say that this is a product or a company; 0 or below."""
        one, two = self.before(), self.before(2)
        after = self.after()
        gap = self.words[self.i + 1].gap.strip(" ") if self.i + 1 < len(self.words) else "."
        if after in self.things["after"] and gap == "" and not self.word.owns:
            return -0.9
        if gap == "." and after in ("com", "io", "ai", "app", "co", "net", "org", "dev"):
            return -1.5
        if (
            gap == ","
            and after in ("the", "a", "an", "which", "our", "this")
            and any(self.after(k) in _FIRMS for k in range(2, 6))
        ):
            return -0.6
        if self.gap.strip() not in ("", '"', "“", "'"):
            return 0.0
        if f"{two} {one}" in self.things["before_pairs"]:
            return -0.55
        if one in self.things["before"]:
            return -0.55
        if one in ("called", "named") and (self.before(3) if two in _BEING else two) in self.things["nouns"]:
            return -0.6
        if one in self.things["articles"] and self.word.kind & Kind.COMMON and self.word.kind & _AMBIGUOUS:
            return -0.5
        return -0.3 if one in self.things["before_weak"] else 0.0

    def geography(self) -> float:
        """How much the neighbours say that this is a place; 0 or below."""
        if not self.word.kind & (Kind.GIVEN_PLACE | Kind.SURNAME_WORD):
            return 0.0
        gap = self.words[self.i + 1].gap.strip(" ") if self.i + 1 < len(self.words) else ""
        if self.after() in self.places["after"] and gap in ("", ","):
            return -0.7
        if self.word.kind & Kind.GIVEN_PLACE and self.before() in self.places["before"]:
            return -0.4
        return 0.0

    def behind_saint(self) -> bool:
        """San Francisco, St Albans, Los Angeles: a place, whatever the second word is."""
        before = self.words[self.i - 1] if self.i else None
        return (
            before is not None
            and self.word.gap in (" ", ". ")
            and before.folded in _SAINTS
            and before.shape == self.word.shape
        )

    def calendar(self, *, uncased: bool) -> float:
        """How much speaks for a month, a day, or ``may`` the verb; 0 or below."""
        if self.word.folded in self.months["days"]:
            return -1.5
        if self.word.folded not in self.months["words"]:
            return 0.0
        near = self.words[self.i - 1].gap + self.word.gap if self.i else ""
        if self.before() in self.months["before"] or any(char.isdigit() for char in near):
            return -0.8
        return -0.3 if uncased else 0.0

    def closes_name(self) -> bool:
        """Whether a word that can be a surname may be one here: not where it goes on as a verb or a noun phrase."""
        if self.word.folded in (
            "will",
            "may",
            "can",
            "rose",
            "might",
            "must",
            "like",
            "just",
            "so",
            "to",
            "you",
            "we",
            "he",
            "she",
            "in",
            "he'll",
            "long",
            "well",
            "wells",
            "even",
            "still",
            "back",
            "best",
            "all",
            "good",
            "right",
            "little",
            "home",
        ):
            return False
        one = self.after()
        return (
            not self.word.kind & Kind.COMMON
            or one == ""
            or one in self.person["doing"]
            or one in self.person["doing_weak"]
            or one
            in ("in", "at", "on", "for", "with", "to", "that", "but", "so", "because", "about", "if", "when")
        )

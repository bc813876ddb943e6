"""Money, durations, counts, frequencies and percentages that are said aloud, normalised.

Read from words alone, by a small grammar; the words are data (``models/outcomes/numbers.toml``). A number
without a unit is none: clock times, years and house numbers stay out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.extract.numerals import Number, Word, by_word, number_at, number_range, times, word_at, words

Kind = Literal["money", "duration", "count", "frequency", "percentage"]
WORD = re.compile(
    r"[$£€₹]|[0-9]+(?:,[0-9]{3})+(?:[.][0-9]+)?|[0-9]+(?:[.][0-9]+)?|[^\W\d_]+(?:['’][^\W\d_]+)?|%|[-–/,.?!;:\"“”()]|\S"
)
PEOPLE = frozenset(
    {"people", "men", "women", "children", "kids", "feet", "teeth", "staff", "cattle", "sheep"}
)
NOT_COUNTED = frozenset(
    {
        "is",
        "was",
        "has",
        "does",
        "this",
        "his",
        "its",
        "us",
        "less",
        "as",
        "yes",
        "always",
        "plus",
        "o'clock",
        "across",
    }
    | {
        "times",
        "class",
        "grams",
        "hundreds",
        "thousands",
        "ones",
        "others",
        "perhaps",
        "towards",
        "unless",
        "thanks",
        "thirds",
        "quarters",
        "halves",
    }
)
MEASURING = frozenset(
    {"in", "for", "than", "only", "just", "took", "takes", "about", "least", "within", "under"}
)
PARTS = frozenset({"part", "space", "matter", "course", "most", "end", "half", "rest", "much"})
"""Words behind which "of a day" is a stretch of time rather than a habit's time."""
DENYING = frozenset({"not", "never", "no", "dont", "without"})
ENDS = frozenset(".,;!?")
PAYING = frozenset(
    {"pay", "pays", "paid", "paying", "cost", "costs", "charge", "charged", "charges", "price", "rent"}
)
NOT_BETWEEN = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "and",
        "in",
        "to",
        "at",
        "on",
        "or",
        "past",
        "she",
        "he",
        "that",
        "who",
        "which",
        "it",
    }
    | {
        "i",
        "we",
        "you",
        "was",
        "is",
        "per",
        "for",
        "by",
        "from",
        "with",
        "but",
        "so",
        "then",
        "when",
        "if",
        "they",
    }
)
"""Words that do not stand between a number and what it counts."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: from ``low`` to ``high`` of a unit, per a period, where it is said.

    ``unit`` is a currency code ("?" = not said), a unit of time, the counted noun, ``time`` of a frequency or
    ``%``.
    ``start`` and ``end`` are code points of the text.
    """

    kind: Kind
    low: float
    high: float
    unit: str
    per: str | None
    approximate: bool
    bound: Literal["at least", "at most"] | None
    start: int
    end: int

    @property
    def minutes(self) -> float | None:
        """The middle of a duration in minutes."""
        if self.kind != "duration":
            return None
        return (self.low + self.high) / 2 * float(words()["durations"][self.unit])

    def __str__(self) -> str:
        """``about 200 USD per month``."""
        number = _plain(self.low) if self.low == self.high else f"{_plain(self.low)} to {_plain(self.high)}"
        sign = "%" if self.kind == "percentage" else f" {_named(self)}"
        lead = self.bound or ("about" if self.approximate else "")
        apart = round(1 / self.low) if self.kind == "frequency" and 0 < self.low == self.high < 1 else 0
        if apart and abs(apart * self.low - 1) < 1e-6:
            return f"{lead} once every {apart} {self.per}s".strip()
        return f"{lead} {number}{sign}{f' per {self.per}' if self.per else ''}".strip()


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order, none within another."""
    said = [Word(m.group().lower().replace("’", "'"), m.start(), m.end()) for m in WORD.finditer(text)]
    found: list[Quantity] = []
    i = 0
    while i < len(said):
        quantity, after = _frequency(said, i) or _quantity(said, i) or (None, i + 1)
        if quantity is not None:
            found.append(quantity)
        i = after
    return found


def _quantity(said: Sequence[Word], i: int) -> tuple[Quantity, int] | None:
    """A number with its unit at position ``i``."""
    symbol = by_word()["symbols"].get(said[i].text)
    number = number_range(said, i + 1 if symbol else i)
    if number is None:
        return None
    made = (
        _money(said, number, symbol) or _time(said, number) or _share(said, number) or _counted(said, number)
    )
    if made is None:
        return None
    quantity, after = made
    quantity = replace(quantity, start=said[i].start)
    return _marked(said, i, quantity), after


def _make(kind: Kind, number: Number, unit: str, said: Sequence[Word], after: int) -> tuple[Quantity, int]:
    per, after = (None, after) if kind == "percentage" else _per(said, after)
    if kind == "money" and per is None and word_at(said, after) in ("a", "an", "per", "each"):
        ended = after + 2 == len(said) or word_at(said, after + 2) in ENDS | {"for", "and", "or", "but"}
        if word_at(said, after + 1).isalpha() and ended:
            per, after = word_at(said, after + 1), after + 2
    loose = word_at(said, after) == "or" and word_at(said, after + 1) == "so"
    end = said[after - 1].end
    approximate = number.approximate or loose
    return Quantity(kind, number.low, number.high, unit, per, approximate, None, 0, end), after


def _money(said: Sequence[Word], number: Number, symbol: str | None) -> tuple[Quantity, int] | None:
    tables, after = by_word(), number.after
    unit = symbol
    if (after < len(said) and said[after].text == "k") or (word_at(said, after) == "grand"):
        number, after, unit = times(number, 1000), after + 1, unit or "?"
    named = tables["currencies"].get(word_at(said, after))
    if named is not None and not _weighs(said, after):
        number, after = _with_cents(said, number, after + 1)
        return _make("money", number, named, said, after)
    if unit is not None:
        return _make("money", number, unit, said, after)
    part = tables["cents"].get(word_at(said, after))
    if part is not None:
        return _make("money", times(number, 0.01), part, said, after + 1)
    ends = after == len(said) or word_at(said, after) in ENDS
    if _paid(said, number) and (_per(said, after)[0] is not None or ends):
        return _make("money", number, "?", said, after)
    return None


def _with_cents(said: Sequence[Word], number: Number, after: int) -> tuple[Number, int]:
    """``two pounds forty``: the pence behind, unless they count something else."""
    cents = number_at(said, after)
    free = cents is not None and word_at(said, cents.after) not in by_word()["duration_words"]
    if cents is None or not free or not 0 < cents.low < 100 or number.low != number.high or cents.low % 1:
        return number, after
    ends = (
        cents.after >= len(said)
        or not said[cents.after].text.isalpha()
        or word_at(said, cents.after) in ("a", "an", "each", "for")
    )
    return (
        (replace(number, low=number.low + cents.low / 100, high=number.high + cents.low / 100), cents.after)
        if ends
        else (number, after)
    )


def _weighs(said: Sequence[Word], at: int) -> bool:
    """Whether pounds are of weight."""
    return said[at].text.startswith("pound") and word_at(said, at + 1) in (
        "weight",
        "lighter",
        "heavier",
        "of",
    )


def _paid(said: Sequence[Word], number: Number) -> bool:
    near = (*said[max(0, number.first - 4) : number.first], *said[number.after : number.after + 6])
    return not PAYING.isdisjoint(word.text for word in near)


def _time(said: Sequence[Word], number: Number) -> tuple[Quantity, int] | None:
    unit = by_word()["duration_words"].get(word_at(said, number.after))
    after = number.after
    if unit is None and word_at(said, after) == "of" and word_at(said, after + 1) in ("a", "an"):
        after += 2
        unit = by_word()["duration_words"].get(word_at(said, after))
    clock = (
        unit == "minute"
        and word_at(said, after + 1) in ("to", "past")
        and (number_at(said, after + 2) is not None or word_at(said, after + 1) == "past")
    )
    if unit is None or clock or word_at(said, after + 1) in ("old", "'s") or _no_stretch(said, number, unit):
        return None
    after += 1
    if (
        word_at(said, after) == "and"
        and word_at(said, after + 1) in ("a", "an")
        and word_at(said, after + 2) in ("half", "quarter", "bit")
    ):
        more = {"half": 0.5, "quarter": 0.25, "bit": 0.0}[word_at(said, after + 2)]
        approximate = number.approximate or word_at(said, after + 2) == "bit"
        number = replace(number, low=number.low + more, high=number.high + more, approximate=approximate)
        after += 3
    elif unit == "hour" and word_at(said, after) == "and":
        rest = number_at(said, after + 1)
        if (
            rest is not None
            and 0 < rest.low < 60
            and (word_at(said, rest.after) in ("minutes", "minute", *ENDS) or rest.after >= len(said))
        ):
            number = times(number, 60)
            number, unit = replace(number, low=number.low + rest.low, high=number.high + rest.low), "minute"
            after = rest.after + (1 if word_at(said, rest.after).startswith("minute") else 0)
    return _make("duration", number, unit, said, after)


def _some_day(said: Sequence[Word], number: Number, unit: str) -> bool:
    """Whether ``one day`` tells when, not how long: nothing before it measures."""
    one = number.after - number.first == 1 and word_at(said, number.first) == "one"
    dated = word_at(said, number.after + 1) == "in"
    return one and unit in ("day", "night") and (dated or word_at(said, number.first - 1) not in MEASURING)


def _no_stretch(said: Sequence[Word], number: Number, unit: str) -> bool:
    """Whether a day is no length of time: ``one day in May``, ``of an evening``, ``don't pay for a day``."""
    if _some_day(said, number, unit):
        return True
    if word_at(said, number.first) not in ("a", "an") or number.after - number.first != 1:
        return False
    before, two = word_at(said, number.first - 1), word_at(said, number.first - 2)
    if before == "of":
        return unit in ("day", "night", "weekend") and two not in PARTS
    denied = any(
        w.text in DENYING or w.text.endswith("n't") for w in said[max(0, number.first - 5) : number.first]
    )
    return before == "for" and two in PAYING and denied


def _share(said: Sequence[Word], number: Number) -> tuple[Quantity, int] | None:
    after = number.after
    if word_at(said, after) in ("%", "percent"):
        return _make("percentage", number, "%", said, after + 1)
    if word_at(said, after) == "per" and word_at(said, after + 1) == "cent":
        return _make("percentage", number, "%", said, after + 2)
    return None


def _counted(said: Sequence[Word], number: Number) -> tuple[Quantity, int] | None:
    """A count of things: the number and a plural right behind it, or behind one word."""
    tables, at = by_word(), number.after
    if number.high < 2 or word_at(said, number.first - 1) in ("'", "’"):
        return None
    for noun_at in (at, at + 1):
        noun = word_at(said, noun_at)
        if _is_plural(noun):
            if noun in tables["duration_words"] or noun in tables["currencies"]:
                return None
            name = " ".join(word_at(said, k) for k in range(at, noun_at + 1))
            return _make("count", number, name, said, noun_at + 1)
        if not noun.isalpha() or noun in NOT_BETWEEN or noun in tables["periods"]:
            return None
    return None


def _is_plural(noun: str) -> bool:
    if noun in PEOPLE:
        return True
    return (
        len(noun) > 3 and noun.endswith("s") and not noun.endswith(("ss", "'s")) and noun not in NOT_COUNTED
    )


def _frequency(said: Sequence[Word], i: int) -> tuple[Quantity, int] | None:
    """``twice a week``, ``three times a day``, ``every other Friday``, ``weekly``."""
    word = said[i].text
    once = {"once": 1.0, "twice": 2.0, "thrice": 3.0}.get(word)
    number = Number(once, once, False, i, i + 1) if once is not None else number_range(said, i)
    if number is not None:
        counted = once is not None or word_at(said, number.after) in ("times", "time")
        after = number.after + (0 if once is not None else 1)
        per, end = _per(said, after)
        if counted and per is not None:
            made = Quantity(
                "frequency",
                number.low,
                number.high,
                "time",
                per,
                number.approximate,
                None,
                said[i].start,
                said[end - 1].end,
            )
            return _marked(said, i, made), end
        return None
    if word == "every":
        return _every(said, i)
    return None


def _every(said: Sequence[Word], i: int) -> tuple[Quantity, int] | None:
    """``every week`` = once per week; ``every two weeks``, ``every other week`` = half a time."""
    periods = by_word()["periods"]
    at, share = i + 1, 1.0
    if word_at(said, at) in ("other", "second"):
        at, share = at + 1, 0.5
    elif word_at(said, at) == "single":
        at += 1
    else:
        number = number_at(said, at)
        if number is not None and number.low > 0:
            at, share = number.after, 1 / number.low
    name = word_at(said, at)
    period = periods.get(name) or periods.get(name.removesuffix("s"))
    if period is None or period in ("person", "item"):
        return None
    made = Quantity("frequency", share, share, "time", period, False, None, said[i].start, said[at].end)
    return made, at + 1


def _per(said: Sequence[Word], after: int) -> tuple[str | None, int]:
    """The period or thing that a quantity is told per, and the position behind it."""
    periods = by_word()["periods"]
    first, second = word_at(said, after), word_at(said, after + 1)
    if first in ("weekly", "monthly", "daily", "yearly", "annually", "hourly"):
        return periods[first], after + 1
    if first in ("a", "an", "per", "every", "each", "/", "of"):
        shift = 1 if second == "single" else 0
        name = word_at(said, after + 1 + shift)
        if name in ("a", "an") and first == "of":
            name, shift = word_at(said, after + 2), 1
        found = periods.get(name)
        if found is not None and not (first == "of" and name not in periods):
            return (found if found not in ("item", "person") or first == "of" else name), after + 2 + shift
    return None, after


def _marked(said: Sequence[Word], i: int, quantity: Quantity) -> Quantity:
    """The quantity with what stands before it: about, at least, under."""
    markers = by_word()["markers"]
    before, two = word_at(said, i - 1), f"{word_at(said, i - 2)} {word_at(said, i - 1)}"
    if before in ("a", "an", "the"):
        before, two = word_at(said, i - 2), f"{word_at(said, i - 3)} {word_at(said, i - 2)}"
    name = markers.get(two) or markers.get(before)
    if name == "about":
        return replace(quantity, approximate=True)
    bound: Literal["at least", "at most"] | None = {"least": "at least", "most": "at most"}.get(name or "")  # type: ignore[assignment]
    return replace(quantity, bound=bound) if bound else quantity


def _plain(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}".rstrip("0")


def _named(quantity: Quantity) -> str:
    """The unit as it is said of that many."""
    one = quantity.high == 1 or (quantity.kind == "frequency" and quantity.high < 1)
    if quantity.kind == "money":
        return "of an unnamed currency" if quantity.unit == "?" else quantity.unit
    return quantity.unit if quantity.kind == "count" or one else quantity.unit + "s"

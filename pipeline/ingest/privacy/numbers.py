"""Telephone, card and account numbers, in digits, in words, and in both."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.ingest.privacy.items import Item

_ONES = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9",
}  # fmt: skip
_TEENS = {
    word: str(number)
    for number, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
_TENS = {
    word: str(number)
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FILLERS = frozenset(
    {
        "uh",
        "um",
        "er",
        "erm",
        "then",
        "dash",
        "hyphen",
        "space",
        "and",
        "so",
        "it's",
        "extension",
        "ext",
        "area",
        "code",
        "yeah",
        "plus",
        "dot",
        "ah",
        "okay",
    }
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_GAP = re.compile(r"[\s,.\-–—/()+]{0,4}|\s*\.\.\.\s*|\s*…\s*")

_DIGITS = re.compile(r"(?<![\w.$£€#])(?:\+|00)?\(?\d[\d\s().\-–/]{5,24}\d(?![\w%]|[.,]\d)")
_CARD_CUE = re.compile(
    r"\b(?:card|visa|master ?card|amex|debit|credit|account|acct|sort|iban|routing|cvv|cvc|"
    r"security|policy|national insurance|social security|passport|licen[cs]e|membership|"
    r"customer number|nhs)\b",
    re.I,
)
_PHONE_CUE = re.compile(
    r"\b(?:phone|tele?phone|tel|mobile|cell|cellphone|landline|number|call|called|ring|rang|"
    r"text|texted|whats ?app|dial|reach|fax|extension|contact|signal|sms|voicemail)\b",
    re.I,
)
_DATE = re.compile(
    r"(?:19|20)\d\d[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|"
    r"3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:(?:19|20)\d\d)"
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\s*(?:[-–/]\s*)?)+")
_THOUSANDS = re.compile(r"\d{1,3}(?: 000)+")
_UNIT_AFTER = re.compile(
    r"\s?(?:%|percent|dollars?|pounds?|euros?|quid|bucks|people|users|customers|miles|km|kg|"
    r"grams|words|rows|lines|records|followers|views|downloads|units|orders|bytes|years|hours|"
    r"days|square|k\b|m\b|bn\b|million|thousand)",
    re.I,
)
_SHORT = re.compile(
    r"(?:\b(?:ending|ends|end|finishing|finishes)(?:\s+(?:in|with))?|\blast\s+(?:four|"
    r"4)(?:\s+digits?)?(?:\s+(?:are|is|of it are))?|\b(?:cvv|cvc|security code|"
    r"pin)\b[^.?!\d]{0,20}?(?:is|was|it's|,)?)\s+"
    r"((?:\d[\d ]{2,4}\d|\d{3,4})|(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double)[\s,-]*){3,4})\b",
    re.I,
)
_ENDS = re.compile(r"end|last .*digit", re.I)
_SPOKEN_SORT = re.compile(
    r"\bsort code(?:['’]s|\s+(?:is|was))?,?\s+"
    rf"((?:(?:{'|'.join((*_ONES, *_TEENS, *_TENS, *_TIMES))})\b[\s,-]*){{3,6}})",
    re.I,
)
_OTHER_CUE = re.compile(
    r"\b(?:(?:order|invoice|ticket|reference|ref|booking|tracking|serial|model|batch)(?:\s+(?:number|no\.?|id|code))?|"
    r"(?:case|part)\s+(?:number|no\.?|id|code))(?:\s+(?:is|was))?\W*$",
    re.I,
)
"""Numbers of things: they reach nobody."""
_SORT = re.compile(r"\b\d\d-\d\d-\d\d\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_NATIONAL = re.compile(r"\b(?!000|666)\d{3}-\d{2}-\d{4}\b|\b[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b")


@dataclass(slots=True)
class _Run:
    """Number words in a row as digits."""

    start: int = -1
    end: int = -1
    digits: str = ""
    singles: int = 0
    spoken: int = 0
    steps: list[str] = field(default_factory=list)


def numbers(text: str) -> Iterator[Item]:
    """Every number that reaches or names a person: telephone, card, account, in digits or words."""
    yield from _written(text)
    if re.search(
        r"\b(?:zero|oh|double|triple|treble|one|two|three|four|five|six|seven|eight|nine)\b", text, re.I
    ):
        for run in _runs(text):
            if kind := _spoken_kind(run, text):
                plus = re.search(r"\bplus\W+$", text[: run.start], re.I)
                yield Item(kind, plus.start() if plus else run.start, run.end)
    for match in _SHORT.finditer(text):
        cued = _CARD_CUE.search(
            text[max(0, match.start() - 60) : match.end()]
        ) or match.group().lower().startswith(("cv", "sec", "pin"))
        ends = re.match(r"(?:ending|ends)\s+(?:in|with)\s+(?!19|20)\d{4}\b", match.group(), re.I)
        if cued or ends or (_ENDS.match(match.group()) and _spoken_digits(match.group(1)) == 4):
            yield Item("number", match.start(1), match.end(1))
    for match in _SPOKEN_SORT.finditer(text):
        yield Item("number", match.start(1), match.start(1) + len(match.group(1).rstrip(" ,-")))


def _spoken_digits(said: str) -> int:
    """How many digits are spoken one by one, ``double`` counted; 0 where there are figures."""
    words = re.findall(r"\w+", said.lower())
    return 0 if any(word.isdigit() for word in words) else len(words)


def _written(text: str) -> Iterator[Item]:
    for pattern in (_IBAN, _NATIONAL):
        yield from (Item("number", match.start(), match.end()) for match in pattern.finditer(text))
    if "sort" in text.lower():
        yield from (Item("number", match.start(), match.end()) for match in _SORT.finditer(text))
    for match in _DIGITS.finditer(text):
        raw = match.group().rstrip(" -–./(")
        start, end = match.start(), match.start() + len(raw)
        if kind := _written_kind(raw, text[max(0, start - 60) : start], text[end : end + 14]):
            yield Item(kind, start, end)


def _written_kind(raw: str, before: str, after: str) -> str | None:
    digits = re.sub(r"\D", "", raw)
    if not 7 <= len(digits) <= 19 or _counts_or_dates(raw, after) or _is_of_a_thing(before):
        return None
    card, phone = bool(_CARD_CUE.search(before)), bool(_PHONE_CUE.search(before))
    if len(digits) >= 13:
        return (
            "card"
            if card or luhn(digits) or re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}", raw)
            else "phone"
            if phone or raw[0] == "+"
            else None
        )
    if card and not phone:
        return "number"
    grouped = bool(re.search(r"[\s().\-–/]", raw))
    if raw[0] in "+(" or raw.startswith("0") or phone:
        return "phone"
    if grouped and _looks_grouped(raw):
        return "phone"
    return "phone" if len(digits) == 10 and digits[0] in "23456789" and not digits.endswith("00000") else None


def _counts_or_dates(raw: str, after: str) -> bool:
    """Whether figures are an amount of something, a date or years."""
    return bool(
        _UNIT_AFTER.match(after) or _DATE.fullmatch(raw) or _YEARS.fullmatch(raw) or _THOUSANDS.fullmatch(raw)
    )


def _is_of_a_thing(before: str) -> bool:
    """Whether the words before a number say that it is an order's or a ticket's, and of no account or card."""
    return bool(_OTHER_CUE.search(before)) and not _CARD_CUE.search(before)


def is_other_number(text: str, start: int, end: int) -> bool:
    """Whether what a general pattern took for a telephone or card number is a date, years, an amount, an order's."""
    raw = text[start:end]
    return (
        text[max(0, start - 1) : start] in ("$", "£", "€", "#")
        or _counts_or_dates(raw, text[end : end + 14])
        or _is_of_a_thing(text[max(0, start - 60) : start])
    )


def _looks_grouped(raw: str) -> bool:
    """Whether digits are cut as telephone numbers are: two to five groups, none of a single digit at the end."""
    groups = re.findall(r"\d+", raw)
    if all(len(group) == 1 for group in groups):
        return len(groups) >= 9
    return (
        2 <= len(groups) <= 6
        and all(2 <= len(group) <= 6 for group in groups[1:])
        and sum(map(len, groups)) >= 7
    )


def luhn(digits: str) -> bool:
    """Whether a card number's check digit is right."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _runs(text: str) -> Iterator[_Run]:
    """Number words and digits that follow each other, fillers between them allowed."""
    run = _Run()
    times, last = 1, 0
    pending = 0
    for match in _TOKEN.finditer(text):
        word = match.group().lower().replace("’", "'")
        joined = run.start < 0 or _GAP.fullmatch(text[last : match.start()]) is not None
        digits = _digits(word, run)
        if not joined or (digits is None and word not in _TIMES and (word not in _FILLERS or pending > 1)):
            if run.start >= 0:
                yield run
            run, times, pending = _Run(), 1, 0
            digits = _digits(word, run)
        if word in _TIMES:
            times, last = _TIMES[word], match.end()
            if run.start < 0:
                run.start = match.start()
            continue
        if digits is None:
            if run.start >= 0:
                pending += 1
                last = match.end()
            continue
        if run.start < 0:
            run.start = match.start()
        run.digits += digits * times
        run.singles += len(digits) == 1
        run.spoken += not word.isdigit() or times > 1
        run.steps.append(digits * times)
        run.end = last = match.end()
        times, pending = 1, 0
    if run.start >= 0:
        yield run


def _digits(word: str, run: _Run) -> str | None:
    if word.isdigit():
        return word
    if word in ("o", "oh") and run.start < 0:
        return "0" if word == "oh" else None
    if word in _TENS:
        return _TENS[word]
    if word in ("hundred", "thousand") and run.digits:
        return "00" if word == "hundred" else "000"
    return _ONES.get(word) or _TEENS.get(word)


def _spoken_kind(run: _Run, text: str) -> str | None:
    """What a run of spoken digits is; None for counting, years, amounts and other talk of numbers."""
    if run.end < 0 or not run.spoken or len(run.digits) < 6:
        return None
    before, after = text[max(0, run.start - 70) : run.start], text[run.end : run.end + 14]
    card, phone = bool(_CARD_CUE.search(before)), bool(_PHONE_CUE.search(before))
    if _UNIT_AFTER.match(after) or (_counts(run.steps) and not (card or phone)):
        return None
    if (run.singles < 4 and not (phone or card)) or run.singles * 2 < len(run.steps):
        return None
    if len(run.digits) < 7 and not (phone or card):
        return None
    if len(run.digits) >= 13 or (card and not phone):
        return "card" if len(run.digits) >= 12 else "number"
    return "phone"


def _counts(steps: list[str]) -> bool:
    """One, two, three, four: somebody counts."""
    values = [int(step) for step in steps]
    ups = sum(after - before == 1 for before, after in itertools.pairwise(values))
    downs = sum(before - after == 1 for before, after in itertools.pairwise(values))
    return len(values) > 2 and max(ups, downs) >= 0.75 * (len(values) - 1)

"""Street addresses and postcodes, in digits and in words, in English and in the neighbours' ways of writing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.ingest.privacy.items import Item

_SURE = (
    "street|road|rd|avenue|ave|lane|boulevard|blvd|crescent|cres|terrace|mews|parkway|pkwy|"
    "highway|hwy|turnpike|freeway|cul de sac|"
    "gardens|grove|esplanade|promenade|strasse|straße|gasse|weg|laan|straat|gade|vej|gatan|rue|piazza"
)
_MAYBE = (
    "st|drive|dr|close|court|ct|place|pl|square|sq|way|hill|park|parade|row|walk|wharf|quay|"
    "pike|circle|cir|trail|loop|alley|yard|rise|view|green|heights|point|ridge|run|bend|cove|"
    "end|gate|vale|fields|villas|common|meadow|meadows|cottages|cottage|buildings|house|ln|"
    "broadway|mount|bank|croft|drove|chase|ct|mall|concourse|embankment|strand|approach|wall|"
    "causeway|garth|wynd|brae|brow|dene|mead|circus|passage|orchard"
)
_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|"
    "eighty|ninety|hundred|oh|thousand"
)
_SPOKEN = (
    rf"(?:(?:a\s+(?=hundred\b|thousand\b))?(?:{_NUMBER_WORDS})"
    rf"(?:[\s-]{{1,3}}(?:and\s{{1,3}})?(?:{_NUMBER_WORDS})){{0,9}}(?:\s+[a-d]\b)?)"
)
_DIGITS = r"(?:\d{1,5}(?:\s?[-–/]\s?\d{1,5})?[A-Za-z]?)"
_STEP = r"(?:[^\W\d_][\w'’.-]*)"
_DIRECTION = r"(?:(?:north|south|east|west|[nsew])\.?\s+)?"
_SPLIT = r"(?:\s+(?:nw|ne|sw|se|north|south|east|west|n|s|e|w)\b\.?)?"
_UNIT = (
    r"(?:,?\s+(?:apt|apartment|flat|unit|suite|ste|floor|room|no|number|#)\.?\s*#?\s*(?:\d+\s?[A-Za-z]?|[A-Z]|(?:"
    + _NUMBER_WORDS
    + r")(?:\s+(?:"
    + _NUMBER_WORDS
    + r"))?(?:\s[a-d])?)\b)?"
)
_LEAD = (
    r"(?:(?:flat|apartment|apt|unit|suite|number|no|room|house number)\.?\s+(?:\d+\s?[A-Za-z]?|[A-Z]|"
    + _SPOKEN
    + r")\b,?\s+(?:at\s+)?|(?:"
    + _NUMBER_WORDS
    + r")\s[a-d]\s+(?=(?:"
    + _NUMBER_WORDS
    + r")\b))?"
)
_STREET = re.compile(
    rf"(?<![\w.£$€:])(?P<all>{_LEAD}(?:number\s+|no\.?\s+)?(?P<no>{_DIGITS}|"
    rf"{_SPOKEN}),?\s+{_DIRECTION}(?P<name>(?:{_STEP}\s+){{1,4}}?)(?P<kind>{_SURE}|"
    rf"{_MAYBE})\b(?:\s+(?P<more>{_SURE})\b|\s+(?:drive|close|court|place|way|row|walk)\b(?!\s+(?:to|by|past|up|down|from|off)\b))?"
    rf"\.?{_SPLIT}{_UNIT})",
    re.I,
)
_ORDINAL = re.compile(
    rf"(?<![\w.£$€:])(?P<all>(?P<no>{_DIGITS}|{_SPOKEN})\s+{_DIRECTION}(?:\d{{1,3}}(?:st|nd|rd|"
    rf"th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|"
    rf"twelfth)\s+(?:street|st|avenue|ave|road|rd|place|court|drive)\b\.?{_SPLIT}{_UNIT})",
    re.I,
)
_NAMED = re.compile(
    r"\b(?:live|lives|lived|living|house|home|flat|place|moved|based|address|born|grew up|"
    r"deliver\w*|door|round the corner|office|stay|stayed|staying|"
    r"resides?)\b[^.?!\n]{0,28}?\b(?:on|to|is|in|at|off|"
    r"from)\s+(?P<all>(?:[A-Z][\w'’-]+\s+){1,3}(?:Street|Road|Avenue|Lane|Close|Crescent|"
    r"Drive|Terrace|Gardens|Grove|Mews|Court|Way|Place|Rd|Ave|St)\b)"
)
_NAMED_LOWER = re.compile(
    r"\b(?:i|we|she|he|they|who|mum|dad|parents|family)\s+(?:still\s+|now\s+|used "
    r"to\s+)?(?:live|lives|lived|grew up|was born|moved|stay|stayed)\s+(?:on|in|at|off|"
    r"to)\s+(?P<all>(?!the\b|a\b|my\b|our\b|this\b|"
    r"that\b)(?:[^\W\d_][\w'’-]+\s+){1,2}(?:street|road|avenue|lane|crescent|terrace|gardens|"
    r"grove|mews|close)\b)",
    re.I,
)
_EUROPEAN = re.compile(
    r"\b(?:[A-ZÄÖÜ][\wäöüß-]+(?:straße|strasse|str\.|gasse|weg|platz|allee|laan|straat|gracht|zijde|singel|dijk|steeg|dreef|"
    r"plein|kade|vej|gade|gatan|vägen|veien|gata|katu|tie|ring|damm|ufer)|(?:[A-ZÄÖÜ][\wäöüß-]+ "
    r")?(?:Straße|Strasse|Allee|Platz))\s+\d{1,4}\s?[a-z]?\b"
    r"|\b\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?i:rue|avenue|boulevard|place|chemin|impasse|allée|"
    r"quai|cours|route|square|faubourg|passage)\s+(?:(?:de|du|des|la|le|les|l'|d'|l’|d’|saint|"
    r"sainte)[\s-]?)*[A-ZÀ-Ý][\w'’À-ÿ-]+(?:[\s-][A-ZÀ-Ý][\w'’À-ÿ-]+){0,2}"
    r"|\b(?:Calle|Carrer|Avenida|Avinguda|Plaza|Paseo|Rua|Praça|Travessa|Via|Viale|Corso|Piazza|"
    r"Vicolo|Largo|ul\.|ulica|ulitsa)\s+(?:(?:de|del|da|do|dos|das|di|la|las|los|della|dei|"
    r"il)\s+)*[A-ZÀ-Ý][\wÀ-ÿ'’]+(?:\s+[A-ZÀ-Ý][\wÀ-ÿ'’]+){0,2},?\s+\d{1,4}\s?[a-z]?\b"
)
_BOX = re.compile(
    r"\b(?i:P\.?\s?O\.?\s+box)\s+(?:\d+|(?i:" + _SPOKEN + r"))\b(?:,\s+[A-Z][\w'’-]+(?=[\s.,;!?]|$))?"
)
_ON_ESTATE = re.compile(
    rf"\b(?P<all>(?:unit|suite|workshop|studio|office|flat|apartment)\s+(?:\d+[a-z]?|[b-hj-z]|(?-i:A)|{_SPOKEN}),?\s+"
    rf"(?P<name>(?:{_STEP}\s+){{1,3}}?)(?:mills?|works|(?:industrial |trading )?estate|business park|cent(?:re|er)|"
    rf"tower|arcade|studios|barns?|maltings|brewery|factory|foundry|wharf|yard|house|court)\b)",
    re.I,
)
"""A unit of a building or an estate that has a name and no number."""
_OLD = (
    "bakery|barn|chapel|coach house|dairy|farm|forge|foundry|granary|mill|post office|rectory|school|schoolhouse|"
    "smithy|stables|vicarage"
)
_THE = re.compile(
    rf"(?<![\w.£$€:])(?P<all>(?:(?:flat|unit|apartment|studio|number)\s+)?(?P<no>(?!(?:19|20)\d\d\b){_DIGITS}|{_SPOKEN})\s+(?P<the>the)\s+(?:ridgeway|avenue|street|lane|drive|close|crescent|"
    rf"green|grove|square|mews|parade|mount|paddocks?|willows|orchard|meadows?|limes|elms|oaks|beeches|laurels|hollies|"
    rf"spinney|maltings|glebe|warren|causeway|cedars|poplars|chestnuts|firs|pines|fairway|ridings|chase|rise|copse|"
    rf"dell|hollow|ropewalk|quays?|wharf|esplanade|promenade|moorings|granary|old\s+(?:{_OLD}))\b)",
    re.I,
)
"""Streets whose name is their kind: 31 The Ridgeway."""
_HOUSE = re.compile(
    r"(?:The\s+)?(?:[A-Z][\w'’-]+\s+){0,3}(?:House|Cottage|Farm|Farmhouse|Forge|Barn|Lodge|Mill|Hall|Manor|Rectory|"
    r"Vicarage|Chapel|Stables|Granary|Villa|Court|Building|Bakery|Smithy|Schoolhouse),\s+$"
)
"""The name of a house before its number and street."""
_UK = re.compile(
    r"\b(?:GIR 0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|"
    r"[A-HK-Y]\d[ABEHMNPRVWXY]) ?\d[ABD-HJLNP-UW-Z]{2})\b"
)
_UK_CUED = re.compile(
    r"\bpost ?code\b[^.?!]{0,30}?\b(?P<all>[a-z]{1,2}\s?\d{1,2}[a-z]?\s+\d\s?[a-z]\s?[a-z])\b", re.I
)
_SPOKEN_POST = re.compile(
    rf"\bpost ?code(?:'s|’s)?(?:\s+(?:is|was|it's|there is|for us is|here "
    rf"is))?\s+(?P<all>[a-z](?:\s[a-z])?(?:\s(?:{_NUMBER_WORDS}|\d)){{1,2}}(?:\s[a-z](?=\s(?:{_NUMBER_WORDS}|\d)))?"
    rf"(?:\s(?:{_NUMBER_WORDS}|\d))*\s[a-z]\s[a-z])\b",
    re.I,
)
_ZIP = re.compile(
    rf"\bzip(?:\s?code\s+(?:\w+\s+){{1,3}}(?=\d{{5}}\b)|\s+(?:\w+\s+){{1,2}}(?:use|is|was|gave|put)\s+(?=\d{{5}}\b)|(?:\s?code)?(?:['’]s|\s+(?:is|was|of|it's))?)\s*(?P<all>\d{{5}}(?:-\d{{4}})?|(?:(?:{_NUMBER_WORDS})\s*){{3,5}})\b",
    re.I,
)
_STATE_ZIP = re.compile(
    r"\b(?:[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){0,2},\s+)?(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|"
    r"I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY])\s+\d{5}(?:-\d{4})?\b"
)
_CANADIAN = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b")
_TAIL = re.compile(
    (
        r",?\s+(?:in\s+)?(?=[A-Z0-9])(?:[A-Z][\w.'’-]+(?:[ -](?:upon|on|under|in|le|de)[ "
        r"-][A-Z][\w'’-]+|\s[A-Z][\w.'’-]+){0,2})?(?:,?\s+)?(?:"
    )
    + _UK.pattern
    + "|"
    + _STATE_ZIP.pattern
    + r"|(?:(?:AB|BC|MB|NB|NL|NS|ON|PE|QC|SK)\s+)?"
    + _CANADIAN.pattern
    + r"|\d{4,5}(?:\s?[A-Z]{2})?\b(?:\s[A-Z][\w'’-]+)?)"
)

_ANNOUNCED = re.compile(
    r"\b(?:live|lives|lived|address|at|moved to|flat|number|deliver\w*|send|sent|house|home|office|based|ship\w*|"
    r"post\w*|located|it's|is|rent|rents|rented|renting|parcel|package|letter|router|invoices?)\W+(?:\w+\W+){0,2}$",
    re.I,
)
_SURELY_ANNOUNCED = re.compile(
    r"\b(?:live|lives|lived|address|flat|deliver\w*|send|sent|ship\w*|post\w*|parcel|package|letter)\W+(?:\w+\W+){0,2}$",
    re.I,
)
"""What leaves no doubt that a place to send things to follows."""
_PLAIN = re.compile(
    r"\b(?:avenue|street|lane|drive|close|green|square|rise|chase|mount|quays?|wharf|dell|old \w+)$", re.I
)
"""Ends that are common words of talk, too."""
_NOT_NUMBERS = re.compile(r"^(?:one|two|three|four|ten|five|six|seven|eight|nine)$", re.I)
_NOT_NAMES = frozenset(
    "way lane mile miles hour hours minute minutes day days week weeks month months year years "
    "bed bedroom door car man men star seat point per percent times time people kids "
    "other more of the a an in on at to for from by and or with that this these those is was "
    "are were be it i we you he she they my our your his her their its down up off out "
    "into over along across between main side different busy big small short little nice whole "
    "same first last next back dirt second third thing things blocks block "
    "houses shops years' minute's pound pounds dollar dollars quid grand k million thousand "
    "hundred then so but if when because as about around only just maybe like even still "
    "out-of "
    "cars trucks lorries vans bikes buses offices stores branches floors rooms units trips "
    "turns steps feet foot metres meters yards acres square inch inches weekend weekends night "
    "nights "
    "who which what where there here get got go going went drive walk ride live lives lived "
    "have had has do did don't can could would will should might not no yes really very lot "
    "lots".split()
)
_WAYS = frozenset(("lane", "way", "mile", "drive", "walk"))
"""Of these, words that the name of an estate may hold."""


def addresses(text: str) -> Iterator[Item]:
    """Every street address, postcode and box number, with its flat and its town where they go on."""
    for match in (*_STREET.finditer(text), *_ORDINAL.finditer(text)):
        if _is_street(match):
            start = _with_house(text, match.start("all"))
            yield Item("address", start, _with_tail(text, match.end("all")))
    for match in _ON_ESTATE.finditer(text):
        if not (_NOT_NAMES - _WAYS).intersection(match["name"].lower().replace(",", "").split()):
            yield Item("address", match.start("all"), _with_tail(text, match.end("all")))
    for match in _THE.finditer(text):
        if _is_announced(match) and (match["the"] == "The" or _is_surely_a_street(match, text)):
            yield Item("address", match.start("all"), _with_tail(text, match.end("all")))
    for match in _EUROPEAN.finditer(text):
        yield Item("address", match.start(), _with_tail(text, match.end()))
    for pattern in (_NAMED, _NAMED_LOWER, _UK_CUED, _SPOKEN_POST, _ZIP):
        yield from (Item("address", match.start("all"), match.end("all")) for match in pattern.finditer(text))
    for pattern in (_BOX, _UK, _STATE_ZIP, _CANADIAN):
        yield from (Item("address", match.start(), match.end()) for match in pattern.finditer(text))


def _is_surely_a_street(match: re.Match[str], text: str) -> bool:
    """Whether ``31 the ridgeway``, spoken, is one: ``two the square`` may be two of something else."""
    if re.match(r"(?:flat|unit|apartment|studio)\b", match["all"], re.I):
        return True
    return not _PLAIN.search(match["all"]) or bool(_SURELY_ANNOUNCED.search(text[: match.start("all")]))


def _is_street(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    if groups.get("name") is None:
        return True
    if groups["name"].strip() == "The" and groups["kind"][:1].isupper():
        return True
    names = [
        word.strip(".,").lower()
        for word in groups["name"].split()
        if word.islower() or word.lower() in ("the", "a", "on", "of")
    ]
    if any(name in _NOT_NAMES for name in names):
        return False
    kind, number = groups["more"] or groups["kind"], groups["no"]
    capital = groups["name"].strip()[:1].isupper() and kind[:1].isupper()
    if re.fullmatch(_SURE, kind, re.I):
        return capital or not (_NOT_NUMBERS.match(number) and len(groups["name"].split()) > 1)
    if capital:
        return True
    if re.match(r"(?:flat|apartment|apt|unit|suite|number|no)\b", groups["all"], re.I):
        return True
    return _is_announced(match) and kind.lower() not in (
        "run",
        "point",
        "end",
        "bank",
        "house",
        "view",
        "park",
        "common",
        "gate",
    )


def _is_announced(match: re.Match[str]) -> bool:
    """Whether the words before say that an address follows."""
    return _ANNOUNCED.search(match.string[max(0, match.start() - 50) : match.start()]) is not None


def _with_house(text: str, start: int) -> int:
    """The start of an address with the name of the house before it."""
    house = _HOUSE.search(text[max(0, start - 60) : start])
    return start if house is None else max(0, start - 60) + house.start()


def _with_tail(text: str, end: int) -> int:
    """The end of an address with the town and postcode behind it."""
    tail = _TAIL.match(text, end)
    return tail.end() if tail else end

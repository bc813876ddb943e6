"""E-mail addresses, links to persons and handles, as written and as spoken."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pipeline.ingest.privacy.items import Item

_TLD = (
    r"(?:com|org|net|edu|gov|mil|info|biz|io|co|me|tv|app|dev|ai|uk|de|fr|es|it|nl|be|ch|at|ie|"
    r"se|no|dk|fi|pl|cz|pt|gr|ru|ua|tr|in|pk|lk|cn|jp|kr|sg|my|ph|id|th|vn|au|nz|za|ng|ke|gh|eg|"
    r"il|ae|sa|br|mx|ar|cl|ca|us|eu|scot|cymru|wales|london|email|name|blog|shop|online|site|"
    r"xyz)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%'-]+ ?@ ?[\w-]+(?: ?\. ?[\w-]+)*(?:\.| \. )[^\W\d_]{2,}", re.I)
_OBSCURED = re.compile(
    r"\b[\w.+-]+\s*[\[({<]\s*at\s*[\])}>]\s*[\w-]+(?:\s*(?:[\[({<]\s*dot\s*[\])}>]\s*|\.)[\w-]+)+", re.I
)
_SEPARATOR = r"(?:dot|underscore|under score|dash|hyphen|point|period|plus)"
_MAIL_HOST = (
    r"(?:g ?mail|google ?mail|yahoo|ymail|hotmail|outlook|icloud|i cloud|me|live|msn|aol|"
    r"proton(?: ?mail)?|fastmail|gmx|web|btinternet|b t internet|sky|talktalk|virgin ?media|"
    r"ntlworld|comcast|verizon|att|qq|naver|mail|posteo|zoho|tutanota|hey)"
)
_KNOWN_HOST = (
    r"(?:g ?mail|google ?mail|yahoo|hotmail|outlook|icloud|proton ?mail|fastmail|gmx|btinternet|comcast)"
)
_HOST_WORD = r"(?!(?:at|and|or|but|so|i|it|is|that|you|we|they|which|dot)\b)\w+(?:['’]\w+)?"
_SPOKEN_END = (
    rf"(?:{_HOST_WORD}(?:[ -]{_HOST_WORD}){{0,3}}?(?:\s+dot\s+|\.)(?:\w+(?:\s+dot\s+|"
    rf"\.))*{_TLD}\b|{_KNOWN_HOST}\b)"
)
_SPOKEN = re.compile(rf"\bat\s+(?P<host>{_SPOKEN_END})", re.I)
_FREE = re.compile(rf"{_MAIL_HOST}\b", re.I)
_CUE = re.compile(
    r"\b(?:e-?mail|email|emails|e mail|address|gmail|inbox|write to|reach me|get me|find me|"
    r"catch me|contact|send (?:it|them|that|me)|login|log in|username)\b",
    re.I,
)
_NO_LOCAL = frozenset(
    "work works worked working look looked looking buy bought laughs laugh shop shopped "
    "shopping found find order ordered it them us me him her you one book booked "
    "get got prices price stuff things available was were is are be been being person people "
    "go went going used sold job hired arrived aimed up out over back down there here "
    "someone somebody everyone one signed sign read checked compared spent live lived stay "
    "stayed sat staring day days good great".split()
)
_DESKS = frozenset(
    "hello hi info admin mail enquiries inquiries bookings accounts secretary reception webmaster noreply".split()
)
"""Mailboxes of a house rather than of a person: nothing else is said before ``at ... dot org``."""
_STOP = frozenset(
    "my is it's its the to on at e-mail email address me that's thats so um uh and or for of "
    "an a i use i'm yeah just would be was his her their our your by with under via "
    "have had used this that one emails reach send sent write wrote from into mail says said "
    "like contact account username login gmail yeah okay right it's now then but".split()
)

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'”)\]]+|(?<![\w@.])(?:[\w-]+\.)+(?:com|org|net|io|co|me|uk|de|"
    r"fr|app|dev|ai|blog|us|info|tv|bio|page|site|social|online|name|"
    r"space)(?:/[^\s<>\"'”)\],]*)?",
    re.I,
)
_PERSONAL_HOST = re.compile(
    r"(?:^|[/.])(?:twitter|x|instagram|facebook|fb|linkedin|tiktok|github|gitlab|medium|reddit|"
    r"youtube|youtu|pinterest|snapchat|threads|mastodon|bsky|t|telegram|wa|venmo|cash|paypal|"
    r"paypal\.me|soundcloud|strava|goodreads|flickr|tumblr|behance|dribbble|about|calendly|cal|"
    r"linktr|patreon|ko-fi|substack|twitch|vimeo|open\.spotify|steamcommunity|etsy|upwork|"
    r"fiverr|keybase|stackoverflow|letterboxd|angel|xing|vk|weibo|discord|skype|carrd|onlyfans|"
    r"buymeacoffee|gofundme|justgiving)\.(?:com|me|net|org|gg|tv|be|app|ee|social|ly|co|us|uk|"
    r"ru|io|bio)(?P<path>/\S+)",
    re.I,
)
_NO_PERSON_PATH = re.compile(
    r"^/(?:search|explore|about|help|jobs|company|companies|pricing|login|signup|settings|home|"
    r"hashtag|r|topics|features|business|watch|legal|terms|privacy|careers|blog|docs|events|"
    r"groups|marketplace)\b/?",
    re.I,
)
_PERSON_PATH = re.compile(
    r"/(?:@|~|in/|u/|user/|users/|people/|profile/|profiles/|author/|c/|channel/)[\w.%~-]+", re.I
)
_PERSON_SUB = re.compile(
    r"^(?:https?://)?(?!www\.)[\w-]+\.(?:tumblr|substack|bsky|medium|wordpress|blogspot|"
    r"livejournal|carrd|github)\.(?:com|social|co|io)",
    re.I,
)
_HANDLE = re.compile(r"(?<![\w@./])@(?!\d+\b)[A-Za-z_][\w.]{1,30}\w")
_HANDLE_CUE = re.compile(
    r"\b(?:(?:twitter|instagram|insta|tiktok|tik tok|skype|snapchat|snap|telegram|discord|"
    r"reddit|github|linkedin|youtube|mastodon|threads|twitch|venmo|cash ?app|facebook|slack|"
    r"gamer|user|screen)(?:\s+(?:handle|name|username|user name|id|tag|account|profile))?|"
    r"handle|username|user name|gamertag|screen name)"
    r"(?:\s+is|'s|\s+was|\s+under|\s+as|\s+i['’]?m|:)\s+(?:just\s+|at\s+|the\s+|"
    r"like\s+)*(?P<it>(?=[\w.]*[^\W\d_])[\w.]*[\d_.][\w.]*\w|"
    r"\w+(?:\s+\w+){0,2}?(?:\s+(?:underscore|under score|dot|dash)\s+\w+)+|"
    r"(?<=at )\w+(?:\s+\w+)?)",
    re.I,
)
_FORUM = re.compile(r"(?<![\w/.])/?u/[\w-]{3,20}\b")
_AT_ON = re.compile(
    r"\b(?:twitter|instagram|insta|tiktok|tik tok|snapchat|telegram|threads|twitch|venmo|skype|"
    r"discord|github)\s+(?:(?:it's|its|is|i'm|im|as)\s+)?at\s+(?!(?:the|their|my|our|his|her|a|"
    r"an|this|that|all|least|first|work|home|night|once|some|any|its|your|noon|lunch|scale|best|"
    r"about|around)\b)(?P<it>(?:\w+\s+){1,2}\d+\b|\w+(?:\s+(?:underscore|under score|dot)\s+\w+)*(?:\s+\d+)?)",
    re.I,
)
_SPOKEN_URL = re.compile(
    rf"\b(?:w{{3}}\s+dot\s+|double u double u double u dot\s+)?(?:\w+\s+dot\s+)?(?:linkedin|"
    rf"linked in|twitter|instagram|facebook|tiktok|tik tok|github|medium|youtube|reddit|linktree|"
    rf"calendly|venmo|strava|substack|patreon|"
    rf"x)\s+dot\s+{_TLD}(?:\s+(?:forward\s+)?slash\s+\w+)+(?:\s+(?!(?:and|is|for|to|on|in|it|"
    rf"that|so|but|if|or|you|i|the|with|where|at|as|yeah|um|uh|of|"
    rf"slash|underscore|dot|dash|hyphen)\b)[a-z]\w+)?(?:\s+of\s+\w+)?(?:\s+(?:underscore|dot|dash|hyphen)\s+\w+|\s+\d+)*",
    re.I,
)

_BEYOND = 3
"""Further words of a mailbox at a host of free mail, where nothing announces an address."""
_MAILBOX = 400
"""Characters before ``at`` in which a spoken mailbox and what announces it are looked for."""


def contacts(text: str, names: Collection[str] = ()) -> Iterator[Item]:
    """E-mail addresses, handles, and links that lead to a person (or hold one of ``names``)."""
    if "@" in text:
        yield from (Item("email", match.start(), match.end()) for match in _EMAIL.finditer(text))
        yield from (Item("link", match.start(), match.end()) for match in _HANDLE.finditer(text))
    if "." in text or "/" in text:
        yield from _links(text, names)
    low = text.lower()
    if " at " in low or "(at)" in low or "[at]" in low or "{at}" in low or "( at" in low or "[ at" in low:
        yield from (Item("email", match.start(), match.end()) for match in _OBSCURED.finditer(text))
        yield from _spoken_emails(text, names)
    if " slash " in low:
        yield from (Item("link", match.start(), match.end()) for match in _SPOKEN_URL.finditer(text))
    if "u/" in text:
        yield from (Item("link", match.start(), match.end()) for match in _FORUM.finditer(text))
    for pattern in (_HANDLE_CUE, _AT_ON):
        yield from (Item("link", match.start("it"), match.end("it")) for match in pattern.finditer(text))


def _links(text: str, names: Collection[str]) -> Iterator[Item]:
    for match in _URL.finditer(text):
        url = match.group().rstrip(".,;:!?")
        personal = _PERSONAL_HOST.search(url)
        named = any(len(name) > 3 and name in url.lower() for name in names)
        leads = personal and not _NO_PERSON_PATH.match(personal["path"]) and len(personal["path"]) > 2
        if leads or named or _PERSON_PATH.search(url) or _PERSON_SUB.search(url):
            yield Item("link", match.start(), match.start() + len(url))


def _spoken_emails(text: str, names: Collection[str]) -> Iterator[Item]:
    """``dana dot petrov at gmail dot com``: what stands before ``at`` must look like a mailbox."""
    for match in _SPOKEN.finditer(text):
        bare = not re.search(r"\bdot\b|\bpoint\b|\.", match["host"], re.I)
        first = max(0, match.start() - _MAILBOX)
        before = text[first : match.start()]
        local = _local_part(before, names, free=not bare and bool(_FREE.match(match["host"])))
        if local is not None:
            yield Item("email", first + local, match.end())


def _local_part(before: str, names: Collection[str], *, free: bool) -> int | None:
    """Where the mailbox begins that ends at the end of ``before``; None where there is none."""
    words = list(re.finditer(r"[\w+'’.-]+", before))
    if not words or before[words[-1].end() :].strip(" ") or words[-1].group().endswith("."):
        return None
    mailbox = _Mailbox(names, free=free)
    for i in range(len(words) - 1, max(-1, len(words) - 17), -1):
        word = words[i].group().lower()
        ahead = words[i + 1].start() if i + 1 < len(words) else words[i].end() + 1
        beside = words[i - 1].group() if i else ""
        if before[words[i].end() : ahead].strip(" ,-") or not mailbox.takes(
            word, beside, before[: words[i].start()]
        ):
            break
        mailbox.start = words[i].start() if not mailbox.separated else mailbox.start
    if mailbox.start is None or not mailbox.headed:
        return None
    cued = _CUE.search(before[max(0, mailbox.start - 60) : mailbox.start]) is not None
    return mailbox.start if free or mailbox.marked or cued else None


class _Mailbox:
    """A spoken mailbox read from its end: ``keith underscore jones fifty one``."""

    def __init__(self, names: Collection[str], *, free: bool) -> None:
        self._names, self._free = names, free
        self._beyond = 0
        self.start: int | None = None
        self.headed = self.marked = self.separated = False

    def takes(self, word: str, beside: str, before: str) -> bool:
        """Whether the next word to the left still belongs to it."""
        if re.fullmatch(_SEPARATOR, word):
            self.marked = self.separated = True
            return self.headed or self.start is not None
        if self.headed and self._free and self._joins(word, beside.lower(), before):
            self.separated = False
            return True
        letter = len(word) == 1 and (len(beside) == 1 or word not in _STOP)
        if word.isdigit() or _number_word(word):
            self.marked, self.separated = True, False
            return True
        if (
            letter
            or not self.headed
            or self.separated
            or word in self._names
            or re.fullmatch(_SEPARATOR, beside.lower())
        ):
            if not letter and (word in _STOP or (not self.headed and word in _NO_LOCAL)):
                return False
            self.marked = (
                self.marked
                or letter
                or word in self._names
                or word in _DESKS
                or any(char in "._" or char.isdigit() for char in word)
            )
            self.headed, self.separated = True, False
            return True
        self._beyond += 1
        return self._free and word not in _STOP and (self._beyond <= _BEYOND or bool(_CUE.search(before)))

    @staticmethod
    def _joins(word: str, beside: str, before: str) -> bool:
        """Whether a small word is part of it: ``stan the man``, ``not a robot``, ``k for kilo``, ``b as in bravo``."""
        if word in ("and", "a", "of"):
            return bool(beside) and beside not in _STOP
        return word == "the" or bool(
            word in ("for", "in", "as") and re.search(r"(?:^|\W)[a-z](?: as)?$", before.rstrip(), re.I)
        )


def _number_word(word: str) -> bool:
    return word in {
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "double",
        "oh",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    }

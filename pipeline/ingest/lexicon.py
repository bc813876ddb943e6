"""What people write in place of a name: role words, labels of tools, headings. Folded to lower case."""

from __future__ import annotations

import re

INTERVIEWER = frozenset(
    """interviewer interviewers moderator moderators facilitator researcher researchers host co-host cohost int intv
    intvr intr ivr iv ivw i q question questioner mod fac me ir examiner examining counsel investigator coach ux-researcher
    interviewer/researcher presenter asker tester""".split()
)
"""One-word labels of those who ask."""

PARTICIPANT = frozenset(
    """participant participants interviewee interviewees respondent respondents informant guest guests customer user
    client consumer buyer subject patient answer ie ip par part resp res inf prt p r ans witness interviewed
    expert candidate applicant customers users owner tenant shopper""".split()
)
"""One-word labels of those who are asked; ``R``, ``A``, ``B`` depend on who is beside them."""

OTHER = frozenset(
    """interpreter translator narrator announcer announcement operator observer note-taker notetaker scribe system
    recording recorder jingle song music outro intro voiceover voicemail siri alexa automated computer
    producer technician receptionist waiter waitress bot advert ad advertisement sponsor trailer break""".split()
)
"""One-word labels of those who neither ask nor tell."""

UNKNOWN = frozenset(
    """unknown unidentified unspecified uu unk ?? ??? someone all both everyone multiple crowd audience group several
    crosstalk""".split()
)
"""One-word labels of nobody in particular."""

INTERPRETER = frozenset({"interpreter", "translator"})

_QUALIFIERS = frozenset(
    """lead ux user senior junior main first second third male female voice speaker co the assistant market design
    member person primary secondary woman man research""".split()
)

NOT_NAMES = frozenset(
    """note notes nb ps p.s date time location place venue title duration length recorded recording-date transcribed
    transcriber transcription subject topic summary keywords abstract speakers attendees participants-list agenda
    language file filename source audio video project study product segment version status url link website email
    phone address example e.g i.e answer-options warning caution important tip hint result results conclusion
    problem solution reason reasons context background overview introduction appendix chapter section part figure
    table step steps option options question-1 task tasks goal goals next later finally first second third
    meanwhile however therefore anyway also so then but and or because well yes no okay ok right sure actually
    basically obviously honestly listen look wait see think remember plus minus pros cons price cost total
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december morning afternoon evening night today tomorrow yesterday here there
    this that these those it they he she we you my your his her our their what when where why who how which
    method methods aim aims objective objectives findings quote quotes theme themes category code memo comment
    comments tags tag legend key abbreviations contents references confidential copyright disclaimer consent
    start end begin beginning timestamp page pages id ref reference interview transcript session meeting call
    edit update todo done true false thing things point points bottom line truth fact facts story verdict""".split()
)
"""Words before a colon that are no speaker when they stand there once."""

METADATA_KEYS: dict[str, str] = {
    **dict.fromkeys(("study", "project", "study name", "project name"), "study"),
    **dict.fromkeys(
        ("date", "interview date", "date of interview", "recorded", "recorded on", "recording date", "interview_date",
         "date recorded", "session date"),
        "interview_date",
    ),
    **dict.fromkeys(
        ("participant", "participant id", "participant name", "interviewee", "respondent", "informant", "guest",
         "customer", "participants", "interviewees", "respondents", "guests", "participant_id"),
        "participant",
    ),
    **dict.fromkeys(
        ("interviewer", "interviewers", "moderator", "moderators", "researcher", "researchers", "facilitator",
         "interviewed by", "conducted by", "host", "hosts"),
        "interviewer",
    ),
    **dict.fromkeys(("product", "segment", "location", "language", "title", "duration", "topic", "source"), ""),
    **dict.fromkeys(("time", "length", "place", "venue", "version", "audio", "video", "file", "filename"), ""),
    **dict.fromkeys(("transcribed by", "transcriber", "transcription", "recording", "recorded by", "notes", "note"), ""),
    **dict.fromkeys(("present", "attendees", "speakers", "session", "company", "age", "gender", "occupation"), ""),
    **dict.fromkeys(("interview", "interview number", "interview no", "interview id", "id", "method", "format"), ""),
    **dict.fromkeys(("market", "country", "city", "role", "job title", "industry", "profile", "subject"), ""),
}
"""Keys of a header above the talk, and the name each is kept under ('' = its own)."""

_PHRASES = {"note taker": "other", "off camera": "unknown", "audience member": "unknown", "co host": "interviewer"}
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|\?+")
_ROLE_OF: dict[str, str] = {
    **dict.fromkeys(UNKNOWN, "unknown"),
    **dict.fromkeys(OTHER, "other"),
    **dict.fromkeys(PARTICIPANT, "participant"),
    **dict.fromkeys(INTERVIEWER, "interviewer"),
}

_GENERIC = re.compile(
    r"(?:speakers?|spk|spkr|participants?|respondents?|interviewees?|informants?|guests?|customers?|users?|clients?|"
    r"subjects?|unknown(?: speaker)?|unidentified(?: speaker)?|answers?|channels?|ch|persons?|voices?|callers?|agents?|"
    r"consumers?|buyers?|patients?|males?|females?|man|woman|sprecher(?:in)?|locuteur|hablante|person)?"
    r"[ _#.-]*(?:[a-z]|[a-z]{1,3}[ _-]?\d+|\d+[a-z]?)?",
)


def fold(name: str) -> str:
    """A name without case, trailing dots and spare spaces."""
    return " ".join(name.casefold().replace("\u2019", "'").split()).strip(" .:")


def is_generic(name: str) -> bool:
    """Whether a name could stand for anybody (``Speaker 2``, ``P07``, ``B``, ``spk_0``, ``Participant``)."""
    return bool(_GENERIC.fullmatch(fold(name))) or role_word(name) is not None


def role_word(name: str) -> str | None:
    """``interviewer``, ``participant``, ``other`` or ``unknown`` where the label itself says so, else None."""
    words = _WORD.findall(fold(name))
    if len(words) > 1 and (words[-1].isdigit() or len(words[-1]) == 1):
        words.pop()
    if not words or len(words) > 4:
        return None
    meant = [word for word in words if word not in _QUALIFIERS] or words[-1:]
    if len(meant) > 1:
        return _PHRASES.get(" ".join(meant))
    return _ROLE_OF.get(meant[0])

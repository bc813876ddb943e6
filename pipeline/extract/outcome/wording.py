"""Words of a speaker put into neutral English: gerunds, third person, first person turned into "one"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Token

from pipeline.extract.outcome.times import TIMES

SPEAKER = frozenset({"i", "we", "you", "ya", "ye", "y'", "yous"})
"""Subjects that a neutral sentence leaves out: the speaker, and "you" said of anybody."""
NEUTRAL = {
    "i": "one", "we": "one", "me": "one", "us": "one", "you": "one", "ya": "one", "ye": "one",
    "mine": "one's own", "ours": "one's own", "yours": "one's own",
    "myself": "oneself", "ourselves": "oneself", "yourself": "oneself", "yourselves": "oneself",
    "meself": "oneself", "'em": "them", "em": "them", "cos": "because", "cuz": "because", "'cause": "because",
    "gon": "going", "na": "to", "ta": "to", "wanna": "want to",
}  # fmt: skip
OWNER = frozenset({"my", "our", "your", "yer"})
KIN = frozenset(
    {
        "mother",
        "father",
        "mum",
        "mam",
        "mom",
        "dad",
        "wife",
        "husband",
        "sister",
        "brother",
        "son",
        "daughter",
    }
    | {
        "boss",
        "partner",
        "account",
        "behalf",
        "gran",
        "nan",
        "granny",
        "grandad",
        "aunt",
        "uncle",
        "mate",
        "friend",
        "name",
        "life",
        "mind",
    }
    | {
        "hand",
        "hands",
        "head",
        "back",
        "feet",
        "eyes",
        "knees",
        "face",
        "sleep",
        "lap",
        "skin",
        "legs",
        "ears",
    }
)
"""What is had by somebody: "one's mother", but "the garden"."""
AUXILIARY = {
    "am": "is",
    "'m": "is",
    "are": "is",
    "'re": "is",
    "were": "was",
    "have": "has",
    "'ve": "has",
    "do": "does",
}
EXPANDED = {"'ll": "will", "'ve": "have", "'m": "is", "wo": "will", "ca": "can", "n't": "not"}
DOUBLED = frozenset(
    {
        "forget",
        "begin",
        "commit",
        "refer",
        "occur",
        "admit",
        "permit",
        "prefer",
        "control",
        "regret",
        "upset",
        "omit",
    }
    | {
        "cancel",
        "travel",
        "label",
        "fuel",
        "quit",
        "equip",
        "unplug",
        "reset",
        "kidnap",
        "submit",
        "transfer",
    }
)
FILLERS = frozenset(
    {
        "just",
        "really",
        "actually",
        "basically",
        "literally",
        "simply",
        "honestly",
        "well",
        "oh",
        "um",
        "uh",
        "er",
        "erm",
    }
    | {
        "obviously",
        "anyway",
        "okay",
        "right",
        "please",
        "maybe",
        "like",
        "hm",
        "also",
        "so",
        "then",
        "now",
        "rather",
    }
)
VOWELS = frozenset("aeiou")
TRIMMED = " ,.;:?!-–—…"
DANGLING = frozenset(
    {"and", "or", "but", "that", "which", "because", "so", "nor", "than", "if", "cause", "cos", "when", "who"}
)
"""What no phrase ends with."""
OBJECTS = ("dobj", "pobj", "attr", "conj", "advmod")


def gerund(verb: str) -> str:
    """``find`` -> ``finding``, ``lose`` -> ``losing``, ``be`` -> ``being``, ``run`` -> ``running``."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return (verb + verb[-1] if _doubles(verb) else verb) + "ing"


def third(verb: str) -> str:
    """``find`` -> ``finds``, ``go`` -> ``goes``, ``carry`` -> ``carries``, ``be`` -> ``is``."""
    irregular = {"be": "is", "have": "has"}
    if verb in irregular:
        return irregular[verb]
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def neutral(token: Token) -> str:
    """A token's text without the speaker: pronouns turned, verbs agreeing with "one"."""
    word = token.lower_
    if word in OWNER:
        if token.head.pos_ == "PROPN" and token.head.ent_type_ == "" and _before(token, token.head.lower_):
            return "the" if token.head.lower_ in TIMES else ""
        return "one's" if _before(token, "own") or token.head.lower_ in KIN else "the"
    if word == "me" and (token.dep_ == "poss" or _owns(token)):
        return "one's" if token.i + 1 < len(token.doc) and token.nbor(1).lower_ in KIN else "the"
    if word in NEUTRAL:
        return NEUTRAL[word]
    if token.pos_ in ("VERB", "AUX") and _of_speaker(token):
        return _agreeing(token)
    if word in ("wo", "ca"):
        return EXPANDED[word]
    if word == "n't" and token.i > 0 and token.nbor(-1).lower_ in ("wo", "ca"):
        return " not"
    return token.text if token.pos_ == "PROPN" else word if token.is_sent_start else token.text


def text(tokens: Sequence[Token], replaced: Mapping[int, str] | None = None) -> str:
    """Tokens as a phrase: neutral, single-spaced, without punctuation at its ends or quotation marks."""
    parts: list[str] = []
    kept = [token for token in tokens if not token.is_quote and not token.is_space]
    while kept and (kept[-1].is_punct or (kept[-1].lower_ in DANGLING and kept[-1].dep_ not in OBJECTS)):
        kept.pop()
    for position, token in enumerate(kept):
        word = (replaced or {}).get(token.i, neutral(token))
        joined = parts and not parts[-1].endswith(" ")
        if joined and token.text[:1] in "'’" and word[:1].isalpha():
            word = " " + word
        if joined and token.lower_ in ("na", "ta") and word == "to":
            word = " to"
        apart = position + 1 < len(kept) and (token.whitespace_ or kept[position + 1].i != token.i + 1)
        parts.append(word + (" " if apart else ""))
    phrase = " ".join("".join(parts).split())
    for mark in (",", ".", ";", ":", "?", "!"):
        phrase = phrase.replace(f" {mark}", mark)
    while ", ," in phrase or ",," in phrase:
        phrase = phrase.replace(", ,", ",").replace(",,", ",")
    phrase = phrase.strip(TRIMMED)
    while phrase.partition(" ")[0].lower() in ("and", "or", "but", "nor"):
        phrase = phrase.partition(" ")[2].strip(TRIMMED)
    return phrase


def without_fillers(tokens: Iterable[Token]) -> list[Token]:
    """Tokens without words that only fill."""
    return [
        token
        for token in tokens
        if not (token.lower_ in FILLERS and token.dep_ in ("advmod", "intj", "discourse"))
    ]


def _doubles(verb: str) -> bool:
    if verb in DOUBLED:
        return True
    if len(verb) < 3 or verb[-1] in VOWELS or (verb[-1] in "wxyhr" and verb[-1] != "r"):
        return False
    return verb[-2] in VOWELS and verb[-3] not in VOWELS and sum(letter in VOWELS for letter in verb) == 1


def _owns(token: Token) -> bool:
    """Whether "me" is "my", as many say it: "in me hand"."""
    following = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if following is None or following.pos_ != "NOUN":
        return False
    return following.lower_ in KIN or token.dep_ not in ("dative", "dobj", "pobj", "nsubj")


def _before(token: Token, word: str) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor(1).lower_ == word


def _of_speaker(token: Token) -> bool:
    """Whether the speaker is the subject of this finite verb, or of the verb that it helps."""
    verb = token.head if token.dep_ in ("aux", "auxpass") else token
    return any(child.dep_ in ("nsubj", "nsubjpass") and child.lower_ in SPEAKER for child in verb.children)


def _agreeing(token: Token) -> str:
    word = token.lower_
    helpers = [child for child in token.children if child.dep_ in ("aux", "auxpass")]
    if token.dep_ in ("aux", "auxpass") or token.lemma_ == "be":
        if word == "'d":
            return "would" if token.head.tag_ == "VB" else "had"
        return AUXILIARY.get(word, EXPANDED.get(word, word))
    return third(token.lemma_) if token.tag_ == "VBP" and not helpers else word

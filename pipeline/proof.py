"""Whether anything of what was forgotten is left: a search of the bytes and of the rows of all files of an archive."""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.ingest.lexicon import fold, is_generic
from pipeline.state import State
from pipeline.state.forgotten import Target

_PLAIN = re.compile(r"[A-Za-z0-9 ,.;:!?-]{20,}")
"""What stands in every encoding of a text as it is: in JSON, in HTML, in a table."""
_TEXTS = 400
"""Sentences looked for in tables."""
_TEXTS_IN_BYTES = 60
"""Sentences looked for in bytes too: a pass each, and DuckDB packs most texts anyway."""
_CHUNK = 1 << 26
_OVERLAP = 1 << 10
_DIGEST = r"[0-9a-f]{16,}"
"""What every id of ours ends in."""
_OWN = ("report", "store")
"""The program's own words that reach files come from these folders."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What to look for: (kind, string) of ids, of words that may stand within others, and of whole words."""

    ids: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        """How many strings."""
        return len(self.ids) + len(self.words) + len(self.names)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was searched, and what was found: (file, kind), never the words themselves."""

    files: int
    size: int
    strings: int
    found: tuple[tuple[str, str], ...]


def traces(state: State, target: Target, given: Sequence[str] = ()) -> Traces:
    """What would show that the target is still there; call it before it is forgotten.

    What also stands in interviews that stay is left out: their rows hold it by right. So are names that the
    report's own words hold (``Will``). ``given`` are further strings.
    """
    held = [list(target.transcripts)]
    said = state.rows(
        "SELECT DISTINCT text FROM turns WHERE transcript_id IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY length(text) DESC, text",
        held,
    )
    labels = state.rows(
        "SELECT DISTINCT name FROM speakers WHERE role <> 'interviewer' AND transcript_id IN "
        "(SELECT unnest(?::VARCHAR[])) ORDER BY name",
        held,
    )
    runs = [max(found, key=len) for (text,) in said if (found := _PLAIN.findall(text))]
    texts = [("words", run.strip()[:200]) for run in runs[:_TEXTS]]
    names = [
        ("speaker", name)
        for (name,) in labels
        if len(name) > 3 and not is_generic(fold(name)) and not _whole(name).search(_own_words())
    ]
    ids = [*_ids(state, target), *(("given", one) for one in given)]
    files = [("source", one) for one in (*target.sources, *target.shown)]
    files += [one for one in ids if not _digest(one[1])]
    return Traces(
        tuple(dict.fromkeys(one for one in ids if _digest(one[1]))),
        tuple(dict.fromkeys([*files, *_not_held(state, target, texts)])),
        tuple(_not_held(state, target, names, whole=True)),
    )


def _digest(word: str) -> str:
    found = re.search(_DIGEST, word)
    return found[0] if found else ""


def _ids(state: State, target: Target) -> Iterator[tuple[str, str]]:
    yield from (("transcript_id", one) for one in target.transcripts)
    yield from (("sha256", one) for one in target.contents)
    yield from (("participant_id", one) for one in target.participants)
    yield from (("statement_id", one) for one in target.statements)
    yield from (("text_hash", one) for one in target.texts)
    for table, column in (
        ("measures", "measure_id"), ("switches", "switch_id"), ("switch_parts", "part_id"),
        ("products", "product_id"),
    ):  # fmt: skip
        found = state.rows(
            f"SELECT {column} FROM {table} WHERE transcript_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(target.transcripts)],
        )
        yield from ((column, row[0]) for row in found)


def _not_held(
    state: State, target: Target, wanted: Sequence[tuple[str, str]], *, whole: bool = False
) -> list[tuple[str, str]]:
    """Those that do not stand in what stays."""
    held = state.rows(
        "SELECT DISTINCT w.word FROM (SELECT unnest(?::VARCHAR[]) AS word, unnest(?::VARCHAR[]) AS pattern) w, "
        "(SELECT concat_ws(' ', speaker, text) AS line, transcript_id FROM turns UNION ALL "
        " SELECT concat_ws(' ', study, metadata, warnings), transcript_id FROM transcripts) t "
        f"WHERE t.transcript_id NOT IN (SELECT unnest(?::VARCHAR[])) AND {_HOLDS}",
        [
            [word for _, word in wanted],
            [_pattern(word) if whole else "" for _, word in wanted],
            list(target.transcripts),
        ],
    )
    others = {row[0] for row in held}
    return [one for one in wanted if one[1] not in others]


_HOLDS = "CASE WHEN contains(t.line, w.word) THEN w.pattern = '' OR regexp_matches(t.line, w.pattern) ELSE false END"


def _pattern(name: str) -> str:
    """A name as a whole word, in DuckDB's regular expressions."""
    return rf"(^|[^\pL\pN])\Q{name}\E($|[^\pL\pN])"


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


@functools.cache
def _own_words() -> str:
    here = Path(__file__).parent
    files = [path for name in _OWN for path in sorted((here / name).rglob("*")) if path.is_file()]
    return "\n".join(path.read_text("utf-8") for path in files if path.suffix not in (".pyc", ".png"))


# -- the search ---------------------------------------------------------------------------------------------------


def holds(path: Path, looked_for: Traces) -> bool:
    """Whether there are traces in a published file; so too where it cannot be looked into."""
    try:
        return bool(next(_in_tables(path, looked_for), None))
    except duckdb.Error:
        return True


def search(files: Sequence[Path], looked_for: Traces) -> Proof:
    """Look for traces in the bytes of the files and, where one is a DuckDB file, in every value of its tables."""
    found: list[tuple[str, str]] = []
    size = 0
    for path in files:
        size += path.stat().st_size
        found += [(path.name, kind) for kind in _in_bytes(path, looked_for)]
        if _is_database(path):
            found += [(f"{path.name}, {table}", kind) for table, kind in _in_tables(path, looked_for)]
    return Proof(len(files), size, len(looked_for), tuple(dict.fromkeys(found)))


def _in_bytes(path: Path, looked_for: Traces) -> Iterator[str]:
    kinds = {_digest(one).encode(): kind for kind, one in looked_for.ids}
    texts = [one for one in looked_for.words if one[0] == "words"][:_TEXTS_IN_BYTES]
    words = [one for one in looked_for.words if one[0] != "words"] + texts
    plain = [(kind, form) for kind, word in words for form in _written(word)]
    whole = [(kind, _whole_bytes(form)) for kind, name in looked_for.names for form in _written(name)]
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            data = before + chunk
            yield from (kinds[one] for one in _digests(data, kinds))
            yield from (kind for kind, word in plain if word in data)
            yield from (kind for kind, pattern in whole if pattern.search(data))
            before = data[-_OVERLAP:]


def _digests(data: bytes, wanted: Collection[bytes]) -> set[bytes]:
    """The wanted ids that are there; DuckDB may set one right behind another, with nothing in between."""
    runs = set(re.findall(_DIGEST.encode(), data))
    lengths = {len(one) for one in wanted}
    found = {one for one in runs if one in wanted}
    for run in runs - found:
        for length in lengths:
            parts = (run[start : start + length] for start in range(len(run) - length + 1))
            found.update(part for part in parts if part in wanted)
    return found


def _written(word: str) -> set[bytes]:
    """A string as it stands in texts, in JSON and in HTML."""
    forms = {word, html.escape(word), json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}
    return {form.encode("utf-8") for form in forms}


def _whole_bytes(name: bytes) -> re.Pattern[bytes]:
    letter = rb"[0-9A-Za-z_\x80-\xff]"
    return re.compile(rb"(?<!" + letter + rb")" + re.escape(name) + rb"(?!" + letter + rb")")


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _in_tables(path: Path, looked_for: Traces) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
        for (table,) in tables:
            line = _line(connection, table)
            if line:
                yield from ((table, kind) for kind in _in_lines(connection, line, looked_for))


def _line(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """SQL that gives all values of a row as one text; vectors, which are known by their hash, are left out."""
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? AND data_type <> 'FLOAT[]' "
        "AND NOT internal",
        [table],
    ).fetchall()
    parts = [
        f"array_to_string(\"{name}\", ' ')" if kind == "VARCHAR[]" else f'"{name}"::VARCHAR'
        for name, kind in columns
    ]
    return f'SELECT concat_ws(chr(31), {", ".join(parts)}) AS line FROM "{table}"' if parts else ""


def _in_lines(connection: duckdb.DuckDBPyConnection, lines: str, looked_for: Traces) -> list[str]:
    found = connection.execute(
        f"SELECT DISTINCT w.kind FROM (SELECT unnest(regexp_extract_all(line, '{_DIGEST}')) AS digest "
        f"FROM ({lines})) JOIN (SELECT unnest(?::VARCHAR[]) AS kind, unnest(?::VARCHAR[]) AS digest) w USING (digest)",
        [[kind for kind, _ in looked_for.ids], [_digest(one) for _, one in looked_for.ids]],
    ).fetchall()
    forms = [(kind, form.decode(), "") for kind, word in looked_for.words for form in _written(word)]
    forms += [
        (kind, form.decode(), _pattern(form.decode()))
        for kind, name in looked_for.names
        for form in _written(name)
    ]
    found += connection.execute(
        f"SELECT DISTINCT w.kind FROM ({lines}) t, (SELECT unnest(?::VARCHAR[]) AS kind, "
        f"unnest(?::VARCHAR[]) AS word, unnest(?::VARCHAR[]) AS pattern) w WHERE {_HOLDS}",
        [[one[i] for one in forms] for i in range(3)],
    ).fetchall()
    return list(dict.fromkeys(row[0] for row in found))

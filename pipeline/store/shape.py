"""What a public table, view or column is described by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its DuckDB type and what it means."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Table:
    """A public table; ``query`` gives its rows from the state, in a stated order."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    query: str


@dataclass(frozen=True, slots=True)
class View:
    """A public view over public tables; ``columns`` are its comments."""

    name: str
    comment: str
    query: str
    columns: tuple[tuple[str, str], ...]


SOURCES = """(
            SELECT sha256, coalesce(min(coalesce(shown, source)) FILTER (status = 'present'),
                   min(coalesce(shown, source))) AS source
            FROM state.sources WHERE sha256 IS NOT NULL GROUP BY sha256)"""
"""The source that a content is named by: the first by name of those that are there, else of those that were."""

METADATA = ("metadata", "all keys of its interview, to group by: metadata->>'product'")
"""The last column of every view whose rows belong to one interview."""

TOLD = "NOT s.needs_review AND s.led IS NOT TRUE AND o.verdict <> 'not_an_outcome'"
"""Of outcomes ``o`` and their statements ``s``, what counts as telling a need."""

KEYS = "(SELECT transcript_id, unnest(json_keys(metadata)) AS key FROM transcripts)"
"""Every key of every interview's metadata, for views of one row per key and value."""

VALUE = r"""json_extract_string(t.metadata, '$."' || replace(replace(k.key, '\', '\\'), '"', '\"') || '"')"""
"""What the interview ``t`` has under the key ``k``."""

KEY_AND_VALUE = (("key", "the metadata's key"), ("value", "what the interview has there"))
"""The two columns of such a view."""

GROUPED = "(SELECT max(run_id) FROM state.clusterings)"
"""The run that made the themes last: all that is drawn from them is made anew with them."""

MOVED = """(
            SELECT v.statement_id, arg_max(v.run_id, r.number) AS run_id
            FROM state.theme_moves v JOIN state.runs r USING (run_id) GROUP BY v.statement_id)"""
"""The run in which each statement last came to another theme, or to none."""

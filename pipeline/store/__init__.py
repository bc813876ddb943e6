"""Publishing: the analysts' file, made beside its final name and renamed over it as a whole."""

from pipeline.store.checks import doubts
from pipeline.store.history import history_folder, kept_files, last_number, manifest_path, run_of
from pipeline.store.manifest import describes, replace_text, write_manifest
from pipeline.store.open import open_published
from pipeline.store.publish import (
    Published,
    RunRow,
    clear_left_over,
    count,
    is_published,
    last_publication,
    publish,
    record,
)
from pipeline.store.tables import TABLES, VIEWS, Column, Table, View

__all__ = [
    "TABLES",
    "VIEWS",
    "Column",
    "Published",
    "RunRow",
    "Table",
    "View",
    "clear_left_over",
    "count",
    "describes",
    "doubts",
    "history_folder",
    "is_published",
    "kept_files",
    "last_number",
    "last_publication",
    "manifest_path",
    "open_published",
    "publish",
    "record",
    "replace_text",
    "run_of",
    "write_manifest",
]

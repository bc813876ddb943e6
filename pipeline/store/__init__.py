"""Publishing: the analysts' file, made beside its final name and renamed over it as a whole."""

from pipeline.store.open import open_published
from pipeline.store.publish import count, is_published, publish
from pipeline.store.tables import TABLES, VIEWS, Column, Table, View

__all__ = ["TABLES", "VIEWS", "Column", "Table", "View", "count", "is_published", "open_published", "publish"]

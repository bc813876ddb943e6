"""People's word on themes: what stands, what stood, and the file in which people say what is to be otherwise."""

from pipeline.curation.change import Change, change
from pipeline.curation.file import curated, curation_path
from pipeline.curation.listing import Row, Told, list_themes, tell

__all__ = ["Change", "Row", "Told", "change", "curated", "curation_path", "list_themes", "tell"]

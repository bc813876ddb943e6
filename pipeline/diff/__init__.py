"""What differs between two published files: interviews, statements with their quotes, themes, settings."""

from pipeline.diff.compare import Difference, compare
from pipeline.diff.html import page
from pipeline.diff.resolve import published_file
from pipeline.diff.told import as_json, print_difference

__all__ = ["Difference", "as_json", "compare", "page", "print_difference", "published_file"]

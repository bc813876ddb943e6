"""One self-contained HTML file drawn from a published file.

It computes nothing new: it selects, counts and lays out.
"""

from pipeline.report.document import VERSION, is_current, write

__all__ = ["VERSION", "is_current", "write"]

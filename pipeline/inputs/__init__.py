"""What lies under the given inputs: files found, hashed and described, without being read as transcripts."""

from pipeline.inputs.entries import location_of
from pipeline.inputs.open import Found, open_sources
from pipeline.inputs.scan import Scan, ScanOptions, Source, scan

__all__ = ["Found", "Scan", "ScanOptions", "Source", "location_of", "open_sources", "scan"]

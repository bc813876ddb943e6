"""What lies under the given inputs: files found, hashed and described, without being read as transcripts."""

from pipeline.inputs.open import Found, open_source
from pipeline.inputs.scan import Scan, scan

__all__ = ["Found", "Scan", "open_source", "scan"]

"""The story of one switch: what was fired and hired, what was looked at, what set it off, who decided, what it cost."""

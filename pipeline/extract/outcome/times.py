"""Words for points of time that are no units."""

from __future__ import annotations

TIMES = frozenset(
    {
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "christmas",
        "easter",
        "noon",
    }
    | {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october"}
    | {
        "november",
        "december",
        "spring",
        "summer",
        "autumn",
        "winter",
        "midnight",
        "bedtime",
        "lunch",
        "dinner",
    }
    | {
        "breakfast",
        "tonight",
        "tomorrow",
        "today",
        "term",
        "dark",
        "teatime",
        "harvest",
        "fridays",
        "sundays",
    }
    | {"mondays", "saturdays", "o'clock", "pm", "am", "weekends", "season", "shift", "once"}
)

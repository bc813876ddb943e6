"""Segments of people, drawn anew whenever themes are."""

from __future__ import annotations

from pipeline.records import Segmentation
from pipeline.state.store import State


def told(state: State) -> list[tuple[str, str]]:
    """(participant_id, theme_id) of all that people tell of."""
    return [
        (row[0], row[1])
        for row in state.rows(
            "SELECT DISTINCT s.participant_id, m.theme_id FROM theme_members m JOIN statements s USING (statement_id) "
            "WHERE s.participant_id IS NOT NULL ORDER BY ALL"
        )
    ]


def commit(state: State, found: Segmentation) -> None:
    """Put the segments in the place of those that stood."""
    with state.transaction():
        for table in ("segmentation", "segment_members", "segment_traits"):
            state.run(f"DELETE FROM {table}")
        state.insert("segmentation", [(found.n_people, len(found.segments), found.quality, found.reason)])
        state.insert(
            "segment_members",
            [(s.segment_id, person) for s in found.segments for person in s.participant_ids],
        )
        state.insert(
            "segment_traits",
            [
                (s.segment_id, trait.theme_id, trait.inside, trait.outside, place)
                for s in found.segments
                for place, trait in enumerate(s.traits, start=1)
            ],
        )

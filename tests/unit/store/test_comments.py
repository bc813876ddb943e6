"""What the published file says of its own tables, views and columns."""

from __future__ import annotations

import pytest

from pipeline.store.tables import TABLES, VIEWS

COMMENTS = {
    **{entry.name: entry.comment for entry in (*TABLES, *VIEWS)},
    **{f"{table.name}.{column.name}": column.comment for table in TABLES for column in table.columns},
    **{f"{view.name}.{name}": comment for view in VIEWS for name, comment in view.columns},
}


@pytest.mark.parametrize("name", COMMENTS)
def test_every_comment_says_something_and_no_place_in_it_was_left_unfilled(name: str) -> None:
    assert COMMENTS[name].strip()
    assert "{" not in COMMENTS[name]

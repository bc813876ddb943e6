"""What a statement rests on, told from a published file."""

from __future__ import annotations

import json

import pytest

from pipeline.config import load_settings
from pipeline.errors import UsageError
from pipeline.explaining import explain
from tests.functional.conftest import Archive, CommandLine, rows

SETTINGS = load_settings(None, ["extract.profile=rules"])


@pytest.fixture
def told(archive: Archive) -> Archive:
    archive.run()
    return archive


def test_quote_turn_scores_and_rules(told: Archive) -> None:
    for statement_id, quote, text, evidence in rows(
        told.db,
        "SELECT statement_id, quote, text, evidence FROM statements "
        "JOIN turns USING (transcript_id, turn_index) LIMIT 4",
    ):
        found = explain(told.db, str(statement_id), SETTINGS, context=False)
        assert found.turn == text
        assert found.turn[found.char_start : found.char_end] == quote
        assert found.scores == json.loads(str(evidence))["scores"]
        assert found.rules
        assert all(rule.rule_id.startswith(found.label) and rule.why for rule in found.rules)
        assert found.examples == ()
        assert found.note


def test_the_context_is_read_again(told: Archive) -> None:
    [(statement_id,)] = rows(told.db, "SELECT statement_id FROM statements ORDER BY 1 LIMIT 1")
    found = explain(told.db, str(statement_id), SETTINGS)
    assert found.note == ""
    assert all(abs(around.falls) >= 0.02 for around in found.context)


def test_other_settings_are_told_not_mixed(told: Archive) -> None:
    """A score made by rules cannot be explained by the reader."""
    [(statement_id,)] = rows(told.db, "SELECT statement_id FROM statements ORDER BY score DESC LIMIT 1")
    found = explain(told.db, str(statement_id), load_settings(None, []))
    assert found.context == () or found.note == ""
    assert not found.note or "another score" in found.note


def test_an_unknown_statement(told: Archive) -> None:
    with pytest.raises(UsageError, match="there is no statement 's_none'"):
        explain(told.db, "s_none", SETTINGS)


def test_the_command_line(told: Archive, whyswitch: CommandLine) -> None:
    [(statement_id, label)] = rows(told.db, "SELECT statement_id, label FROM statements ORDER BY 1 LIMIT 1")
    ran = whyswitch("explain", str(statement_id), "--db", told.db, "--no-context")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(str(label))
    ran = whyswitch("explain", "s_none", "--db", told.db)
    assert ran.returncode == 2
    assert "no statement" in ran.stderr

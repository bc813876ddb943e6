"""The plane on which themes are drawn, and the drawing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipeline.config import ReportSettings
from pipeline.report.chart import draw_theme_map, svg
from pipeline.report.evidence import opened
from pipeline.report.theme_map import HEIGHT, WIDTH, ThemeMap, project, theme_map
from pipeline.report.themes import themes
from tests.unit.report.published_file import PublishedFile, sample_study


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> ThemeMap:
    """The map of the invented themes."""
    published = sample_study().save(tmp_path_factory.mktemp("map") / "sample.duckdb")
    with opened(published, ReportSettings()) as evidence:
        found = theme_map(evidence, themes(evidence).listed)
    assert found is not None
    return found


def test_points_of_a_plane_keep_their_distances() -> None:
    rng = np.random.default_rng(7)
    flat = rng.normal(size=(9, 2)) @ np.linalg.qr(rng.normal(size=(20, 2)))[0].T + 3
    plane, spread = project(flat)
    before = np.linalg.norm(flat[:, None] - flat[None], axis=2)
    after = np.linalg.norm(plane[:, None] - plane[None], axis=2)
    assert np.allclose(before, after)
    assert spread == pytest.approx(1.0)


def test_the_picture_does_not_flip_with_the_order_of_the_themes() -> None:
    rows = np.random.default_rng(8).normal(size=(12, 30))
    order = np.random.default_rng(9).permutation(12)
    assert np.allclose(project(rows)[0][order], project(rows[order])[0])


def test_the_share_of_the_spread_is_that_of_the_two_largest_components() -> None:
    rows = np.random.default_rng(10).normal(size=(15, 8))
    sizes = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False) ** 2
    assert project(rows)[1] == pytest.approx(sizes[:2].sum() / sizes.sum())


def test_equal_vectors_lie_on_one_spot() -> None:
    plane, spread = project(np.ones((4, 6)))
    assert np.allclose(plane, 0)
    assert spread == 0.0


def test_fewer_than_three_themes_make_no_map(tmp_path: Path) -> None:
    made = PublishedFile()
    key = made.interview("a.txt", [("participant", "Ann", "One. Two.")])
    for quote in ("One.", "Two."):
        made.theme("push", quote, [made.statement(key, 0, "push", quote)])
    with opened(made.save(tmp_path / "two.duckdb"), ReportSettings()) as evidence:
        assert theme_map(evidence, themes(evidence).listed) is None


@pytest.mark.parametrize("stage", ["compare", "embed"])
def test_of_two_models_the_one_that_themes_rest_on_draws_the_map(
    drawn: ThemeMap, tmp_path: Path, stage: str
) -> None:
    path = sample_study().save(tmp_path / "two models.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO vectors BY NAME SELECT text_hash, 'another' AS model, [1] AS vector FROM vectors"
        )
        connection.execute("UPDATE runs SET models = ?", [json.dumps({stage: {"identity": "letters"}})])
    with opened(path, ReportSettings()) as evidence:
        assert theme_map(evidence, themes(evidence).listed) == drawn


def test_every_mark_lies_on_the_map(drawn: ThemeMap) -> None:
    assert len(drawn.points) > 10
    for point in drawn.points:
        assert 0 < point.x < WIDTH
        assert 0 < point.y < HEIGHT


def test_captions_stand_for_the_strongest_themes(drawn: ThemeMap) -> None:
    assert drawn.points[0].caption
    people = [point.theme.n_people for point in drawn.points]
    assert people == sorted(people, reverse=True)


def test_the_drawing_holds_shapes_text_and_links_within_the_page_alone(drawn: ThemeMap) -> None:
    links = {point.theme.theme_id: f"#t-{point.theme.theme_id}" for point in drawn.points}
    picture = draw_theme_map(drawn, links)
    assert set(re.findall(r"<([a-z]+)", picture)) <= {"svg", "g", "a", "path", "text", "title"}
    assert sorted(re.findall(r'href="([^"]*)"', picture)) == sorted(links.values())
    assert "http" not in picture
    assert "style" not in picture
    assert len(re.findall("<title>", picture)) == len(drawn.points)


def test_colours_are_those_of_the_page(drawn: ThemeMap) -> None:
    fills = set(re.findall(r'fill="(var\([^"]*\))"', draw_theme_map(drawn, {})))
    assert fills <= {"var(--push)", "var(--pull)", "var(--habit)", "var(--anxiety)", "var(--outcome)"}
    assert len(fills) >= 4


def test_words_in_a_drawing_stay_words() -> None:
    spec = {
        "data": {"values": [{"t": "</svg><script>alert(1)</script>"}]},
        "mark": "text",
        "encoding": {"text": {"field": "t"}},
    }
    picture = svg(spec)
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture

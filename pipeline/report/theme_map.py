"""Where each theme is drawn on a plane: a projection for the eye; nothing else rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.report.evidence import Evidence
from pipeline.report.themes import Theme

WIDTH, HEIGHT = 960, 560
MARGIN = 36
NAMED = 24
"""Themes that get their title on the map, where there is room for it."""
ROOMY = 24
"""Themes that can be drawn at full size; the marks of more are smaller."""
LETTER = 6.4
"""Width of an average letter at the map's text size, in pixels."""
LINE = 16
LONGEST = 34

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A theme's place, in pixels from the upper left; ``caption`` is empty where there is no room for one."""

    theme: Theme
    x: float
    y: float
    area: float
    caption: str = ""
    caption_x: float = 0.0
    caption_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class ThemeMap:
    """The points drawn, most people first, and the share of the vectors' spread that the plane holds."""

    points: tuple[Point, ...]
    spread: float


# The strongest 200 members stand for a theme: enough for its mean, and bounded on any archive. Of several models
# it is the one that themes rest on; where the run does not tell, the one with most vectors.
MEMBERS = """
WITH told AS (
    SELECT coalesce(json_extract_string(models, '$.compare.identity'), json_extract_string(models, '$.embed.identity'))
    FROM runs ORDER BY run_number DESC LIMIT 1)
SELECT m.theme_id, v.vector::FLOAT[] AS vector FROM theme_members m
JOIN statements s USING (statement_id) JOIN vectors v USING (text_hash)
WHERE m.theme_id IN (SELECT unnest($ids::VARCHAR[]))
  AND v.model = (SELECT model FROM vectors GROUP BY model
                 ORDER BY coalesce(model = (FROM told), false) DESC, count(*) DESC, model LIMIT 1)
QUALIFY row_number() OVER (PARTITION BY m.theme_id ORDER BY m.strength DESC, m.statement_id) <= 200
ORDER BY m.theme_id, m.strength DESC, m.statement_id
"""


def theme_map(evidence: Evidence, listed: Sequence[Theme]) -> ThemeMap | None:
    """The map of the themes told by most people; None with fewer than three, which make no map."""
    chosen = listed[: evidence.settings.map_themes]
    found = evidence.connection.execute(MEMBERS, {"ids": [theme.theme_id for theme in chosen]}).fetchnumpy()
    owners = np.asarray(found["theme_id"])
    drawn = [theme for theme in chosen if (owners == theme.theme_id).any()]
    if len(drawn) < 3:
        return None
    means = np.stack(
        [
            np.stack(list(found["vector"][owners == theme.theme_id])).astype(np.float64).mean(axis=0)
            for theme in drawn
        ]
    )
    plane, spread = project(means)
    return ThemeMap(tuple(_captioned(_placed(drawn, plane))), spread)


def project(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Two principal components of the rows, exactly, and the share of their spread that these hold.

    An axis has no up or down of its own: it is turned so that its largest loading is positive, and so the
    same vectors always give the same picture.
    """
    centred = vectors - vectors.mean(axis=0)
    # The products of a hundred rows are a small matrix: a decomposition of the rows themselves took seconds
    # on busy cores, where the threads of the linear-algebra library wait for each other.
    sizes, axes = np.linalg.eigh(centred @ centred.T)
    sizes = np.maximum(sizes[::-1], 0.0)
    plane = axes[:, ::-1][:, :2] * np.sqrt(sizes[:2])
    loadings = centred.T @ plane
    signs = np.sign(loadings[np.argmax(np.abs(loadings), axis=0), [0, 1]])
    total = float(sizes.sum())
    return plane * np.where(signs, signs, 1.0), float(sizes[:2].sum()) / total if total else 0.0


def _placed(themes: Sequence[Theme], plane: NDArray[np.float64]) -> list[Point]:
    low, high = plane.min(axis=0), plane.max(axis=0)
    size = np.where(high - low > 1e-9, high - low, 1.0)
    most = max(theme.n_people for theme in themes) or 1
    crowd = min(1.0, (ROOMY / len(themes)) ** 0.5)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    spots = np.where(high - low > 1e-9, (plane - low) / size, 0.5) * room + MARGIN
    return [
        Point(
            theme,
            round(float(x), 1),
            round(float(y), 1),
            round(crowd * (60 + 640 * theme.n_people / most), 1),
        )
        for theme, (x, y) in zip(themes, spots, strict=True)
    ]


def _captioned(points: list[Point]) -> list[Point]:
    """The points with titles for the strongest, each on the first free side of its mark, or none."""
    taken = [_around(point) for point in points]
    found = []
    for rank, point in enumerate(points):
        spot = _free_side(point, taken) if rank < NAMED else None
        if spot is None:
            found.append(point)
            continue
        x, y, anchor, box = spot
        taken.append(box)
        found.append(
            Point(point.theme, point.x, point.y, point.area, _short(point.theme.title), x, y, anchor)
        )
    return found


def _free_side(point: Point, taken: Sequence[Box]) -> tuple[float, float, str, Box] | None:
    width = LETTER * len(_short(point.theme.title))
    reach = (point.area**0.5) / 2 + 5
    own = _around(point)
    for x, y, anchor in (
        (point.x + reach, point.y, "start"),
        (point.x - reach, point.y, "end"),
        (point.x, point.y - reach - LINE / 2, "middle"),
        (point.x, point.y + reach + LINE / 2, "middle"),
    ):
        left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
        box = (left, y - LINE / 2, left + width, y + LINE / 2)
        inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT
        if inside and not any(_overlap(box, other) for other in taken if other != own):
            return round(x, 1), round(y, 1), anchor, box
    return None


def _around(point: Point) -> Box:
    reach = (point.area**0.5) / 2
    return (point.x - reach, point.y - reach, point.x + reach, point.y + reach)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip(" ,") + "…"

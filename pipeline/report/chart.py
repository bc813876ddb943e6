"""Charts drawn by Vega while the report is written: plain SVG goes into the page, no drawing code does.

Colours are the page's own CSS variables, so a chart follows light, dark and print as the text does.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pipeline.records import LABELS
from pipeline.report.theme_map import HEIGHT, WIDTH, ThemeMap

SHAPES = {
    "push": "triangle-right",
    "pull": "circle",
    "habit": "square",
    "anxiety": "diamond",
    "outcome": "triangle-up",
}
"""A shape per label besides its colour: no reader must tell colours apart."""

KEPT = {
    "svg": {"width", "height", "viewBox"},
    "g": {"transform", "fill", "stroke"},
    "a": {"href"},
    "path": {"transform", "d", "fill", "fill-opacity", "stroke", "stroke-width", "opacity", "display"},
    "text": {"transform", "text-anchor", "font-size", "font-weight", "fill", "opacity"},
}
"""Elements and attributes that may come out of a drawing; all else is dropped."""


TEXT = {"type": "text", "baseline": "middle", "fontSize": 12, "color": "currentColor"}


def draw_theme_map(found: ThemeMap, links: Mapping[str, str]) -> Markup:
    """The theme map as SVG; ``links`` gives the fragment (``#...``) that a theme's mark leads to."""
    rows = [
        {
            "x": point.x, "y": point.y, "area": point.area, "label": point.theme.label,
            "name": f"{point.theme.label}: {point.theme.title} ({point.theme.n_people} people)",
            "link": links.get(point.theme.theme_id, ""), "caption": point.caption,
            "caption_x": point.caption_x, "caption_y": point.caption_y, "anchor": point.anchor,
        }
        for point in found.points
    ]  # fmt: skip
    captions = [_captions(anchor, rows) for anchor in ("start", "middle", "end")]
    return svg({"width": WIDTH, "height": HEIGHT, "layer": [_marks(rows), *captions]})


def svg(spec: Mapping[str, Any]) -> Markup:
    """A Vega-Lite drawing as SVG that holds shapes, text and links within the page, and nothing else."""
    import vl_convert  # loads a JavaScript engine: only when something is drawn

    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "padding": 0,
        "autosize": "none",
        "config": {"view": {"stroke": None}},
        **spec,
    }
    drawn = vl_convert.vegalite_to_svg(whole, vl_version="6.4", allowed_base_urls=[])
    return Markup(ElementTree.tostring(_kept(ElementTree.fromstring(drawn)), encoding="unicode"))


def _axis(field: str, length: int) -> dict[str, Any]:
    domain = [0, length]
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": domain, "range": domain, "nice": False},
    }


def _marks(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def scale(values: list[str]) -> dict[str, Any]:
        return {"field": "label", "legend": None, "scale": {"domain": list(LABELS), "range": values}}

    colours = scale([f"var(--{label})" for label in LABELS])
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "point", "filled": True, "opacity": 0.85},
        "encoding": {
            "x": _axis("x", WIDTH),
            "y": _axis("y", HEIGHT),
            "size": {"field": "area", "type": "quantitative", "scale": None, "legend": None},
            "shape": scale([SHAPES[label] for label in LABELS]),
            "color": colours,
            "href": {"field": "link"},
            "description": {"field": "name"},
        },
    }


def _captions(anchor: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    align = {"start": "left", "middle": "center", "end": "right"}[anchor]
    return {
        "data": {"values": [row for row in rows if row["caption"] and row["anchor"] == anchor]},
        "mark": TEXT | {"align": align},
        "encoding": {
            "x": _axis("caption_x", WIDTH),
            "y": _axis("caption_y", HEIGHT),
            "text": {"field": "caption"},
        },
    }


def _kept(element: ElementTree.Element) -> ElementTree.Element:
    """A copy with the elements and attributes of ``KEPT`` alone; a link's name becomes its tooltip."""
    tag = _local(element.tag)
    attributes = {_local(name): value for name, value in element.attrib.items()}
    copy = ElementTree.Element(tag, {k: v for k, v in attributes.items() if k in KEPT[tag]})
    copy.text = element.text
    if "href" in copy.attrib:
        # Vega resolves links against a site of its own; only the fragment was ever meant.
        _, mark, fragment = copy.attrib["href"].partition("#")
        copy.set("href", mark + fragment)
    for child in element:
        if _local(child.tag) in KEPT:
            copy.append(_kept(child))
    if tag == "path" and attributes.get("role") == "graphics-symbol":
        ElementTree.SubElement(copy, "title").text = attributes.get("aria-label", "")
    return copy


def _local(name: str) -> str:
    return name.rpartition("}")[2]

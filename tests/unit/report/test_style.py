"""The colours: readable on what they stand on, and told apart by every kind of eye."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline import report

STYLE = (Path(report.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
LABELS = ("push", "pull", "habit", "anxiety", "outcome")
SCHEMES = ("light", "dark")

# Machado, Oliveira and Fernandes (2009), full severity, on linear RGB.
EYES = {
    "usual": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}

Colour = NDArray[np.float64]


def palette(scheme: str) -> dict[str, Colour]:
    """The colours of a scheme by name, as linear RGB."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found = re.findall(r"--(\w+): #([0-9a-f]{6});", blocks[SCHEMES.index(scheme)])
    return {name: linear(np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)])) for name, code in found}


def linear(levels: NDArray[np.int64] | Colour) -> Colour:
    """sRGB levels (0 to 255) as linear RGB."""
    share = np.asarray(levels, dtype=float) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def levels(colour: Colour) -> Colour:
    """Linear RGB as sRGB levels."""
    return 255 * np.where(colour <= 0.0031308, 12.92 * colour, 1.055 * colour ** (1 / 2.4) - 0.055)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def tint(colour: Colour, paper: Colour, share: float) -> Colour:
    """``color-mix(in srgb, colour share, paper)``."""
    return linear(share * levels(colour) + (1 - share) * levels(paper))


def lab(colour: Colour) -> Colour:
    """CIE L*a*b* under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ colour / np.array([0.9505, 1, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["ink", "soft", "link", *LABELS])
def test_text_is_readable_on_every_ground(scheme: str, name: str) -> None:
    colours = palette(scheme)
    for ground in ("paper", "raised", "faint"):
        assert contrast(colours[name], colours[ground]) >= 4.5, ground


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("label", LABELS)
def test_text_is_readable_on_a_forces_own_tint(scheme: str, label: str) -> None:
    colours = palette(scheme)
    ground = tint(colours[label], colours["paper"], {"light": 0.13, "dark": 0.18}[scheme])
    for name in ("ink", "soft", label):
        assert contrast(colours[name], ground) >= 4.5, name


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eye", EYES)
def test_no_two_labels_look_alike_to_any_eye(scheme: str, eye: str) -> None:
    seen = {
        n: lab(np.clip(np.array(EYES[eye]) @ c, 1e-9, 1)) for n, c in palette(scheme).items() if n in LABELS
    }
    nearest = min(
        (float(np.linalg.norm(seen[a] - seen[b])), a, b) for a, b in itertools.combinations(seen, 2)
    )
    assert nearest[0] >= 18, nearest


def test_nothing_is_loaded_from_anywhere() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert "</" not in STYLE

"""From floating point to 8-bit integers, with scales that are fixed beforehand (static quantisation).

Weights get a scale a column, inputs of matrix products one scale each, found by running made-up texts through the model
(calibration). Fixed scales make a text's vector independent of the texts that it shares a batch with; scales taken from
each batch do not, and are slower.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# Of an input's values, so many at each end lie outside its range and are cut: a few outliers would take the
# resolution from all others. Measured on judged queries: .9999 loses .03 nDCG@10, none cut .002, this nothing.
CUT_SHARE = 1e-5
# 7 bits: two products of 8 bits are more than 16 bits hold, in which processors without VNNI add them.
WEIGHT_STEPS = 63
INPUT_STEPS = 255
_SIGNIFICANT = 12  # bits kept of a scale: machines whose sums differ in the last bits get the same scale


@dataclass(frozen=True, slots=True)
class Range:
    """real = (integer - zero) * scale, integers from 0 to 255."""

    scale: NDArray[np.float32]
    zero: NDArray[np.uint8]


@dataclass(slots=True)
class Extremes:
    """The `keep` largest and smallest values of an input so far; more are not needed to cut a share of all of them."""

    keep: int
    seen: int = 0
    largest: Array = field(default_factory=lambda: np.empty(0, np.float32))
    smallest: Array = field(default_factory=lambda: np.empty(0, np.float32))

    def add(self, values: Array) -> None:
        flat = values.ravel()
        self.seen += flat.size
        if len(self.largest) == self.keep:  # only few lie beyond what is kept: looking for them is all the work
            high, low = flat[flat > self.largest[0]], flat[flat < self.smallest[-1]]
        else:
            high = low = flat
        self.largest = np.sort(np.concatenate([self.largest, high]))[-self.keep :]
        self.smallest = np.sort(np.concatenate([self.smallest, low]))[: self.keep]

    def range(self) -> Range:
        """Holds 0 exactly. `keep` must be above CUT_SHARE of what was seen."""
        cut = min(int(self.seen * CUT_SHARE), self.keep - 1, len(self.largest) - 1)
        low, high = min(float(self.smallest[cut]), 0.0), max(float(self.largest[-1 - cut]), 0.0)
        scale = rounded((high - low) / INPUT_STEPS or 1.0)
        zero = np.clip(np.round(-low / scale), 0, INPUT_STEPS)
        return Range(np.array(scale, np.float32), np.array(zero, np.uint8))


def rounded(scale: float) -> float:
    """The scale with its first 12 binary digits, rounded up."""
    fraction, exponent = np.frexp(scale)
    return float(np.ldexp(np.ceil(fraction * (1 << _SIGNIFICANT)) / (1 << _SIGNIFICANT), exponent))


def quantise_columns(matrix: Array) -> tuple[NDArray[np.int8], Array]:
    """Integers, and a scale a column, whose product is nearest to the matrix; a column of zeros has the scale 1."""
    largest = np.abs(matrix).max(axis=0)
    scales = np.where(largest > 0, largest, WEIGHT_STEPS).astype(np.float32) / np.float32(WEIGHT_STEPS)
    return np.clip(np.round(matrix / scales), -WEIGHT_STEPS, WEIGHT_STEPS).astype(np.int8), scales

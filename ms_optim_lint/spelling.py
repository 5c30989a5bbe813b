"""What somebody may have meant who wrote a name that is not there. The one place that compares words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

#: Two words are near when this much of them agrees, and no more letters differ than a slip of the pen changes.
_AGREE = 0.6
_SLIPS = ((8, 1), (14, 2), (1_000, 3))


def nearest(word: str, known: Iterable[str]) -> Optional[str]:
    """The one of the ``known`` words that is nearest to ``word``; None where none is near, or several are equally near.

    Case, ``_`` and ``-`` count only between words that are equally near without them.
    """
    # Imported when a message is made: most files need none.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    folded = _folded(word)
    slips = next(slips for length, slips in _SLIPS if len(folded) <= length or length == _SLIPS[-1][0])
    found = process.extract(
        folded, {name: _folded(name) for name in sorted(known)}, scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    if not found:
        return None
    distance = found[0][1]
    near = sorted((OSA.distance(word, name), name) for _, other, name in found if other == distance)
    if len(near) > 1 and near[0][0] == near[1][0]:
        return None
    name = near[0][1]
    longest = max(len(folded), len(_folded(name)))
    return str(name) if distance <= (1 - _AGREE) * longest else None


def _folded(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()

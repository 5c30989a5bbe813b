"""What somebody may have meant who wrote a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

#: How alike two words have to be, in percent: ``learning_rat`` and ``learning_rate`` are, ``decay`` and ``delay`` are not.
_ALIKE = 80.0


def nearest(word: str, known: Iterable[str]) -> Optional[str]:
    """The one of the ``known`` words that is nearest to ``word``; None where none is near, or two are equally near."""
    # Imported when a message is made: most files need none.
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    folded = _folded(word)
    found = process.extract(
        folded,
        {name: _folded(name) for name in sorted(set(known) - {word})},
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=_ALIKE / 100,
        limit=2,
    )
    if not found or len(found) > 1 and found[0][1] == found[1][1]:
        return None
    return str(found[0][2])


def _folded(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()

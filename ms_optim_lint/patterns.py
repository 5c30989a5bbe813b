"""Regular expressions that are compiled when they are used for the first time. A run uses few of all that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Union

__all__ = ["pattern"]

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:
        """As ``re.compile``."""

        def __init__(self, text: Union[str, bytes], flags: int = 0) -> None:
            self._text = text
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(self._text, self._flags), name)
            setattr(self, name, found)  # the next time nobody asks here
            return found

"""The project that a linted file belongs to: settings, where its modules are, and what was read of them."""
from __future__ import annotations

from typing import Optional

from ms_optim_lint.settings import Settings


class Project:
    """Owns reading. A host holds one for its whole run, so that a module is read and parsed once.

    ``overlays`` maps paths to texts that stand in for the files (an editor's unsaved buffers).
    """

    def __init__(self, settings: Optional[Settings] = None, overlays: Optional[dict[str, str]] = None) -> None:
        self.settings = settings or Settings()
        self.overlays = overlays or {}

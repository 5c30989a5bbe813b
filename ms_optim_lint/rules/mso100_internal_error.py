"""The linter failed on this file.

## What it does
Says that ms-optim-lint failed while it looked at a file. The message names the file and the error.

## Why is this bad?
Nothing was judged in that file, so a mistake in it is not seen. The other files of the run are judged as usual.

## How MindSpore behaves
MindSpore has no part in this: the mistake is in ms-optim-lint.

## Example
No program is known that gives this finding.

## Use instead
Please report the message, if you can with the file. Until it is mended, exclude the file from the linter.

## Fix safety
There is no fix.

## Known limits
- A file that Python cannot parse is not reported here: flake8 (E999) and Pylint (E0001) report it.
- A file that is very large or deep is not a failure: what is not looked at there is unknown, and not reported.

## References
None.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, rule


@rule(0, "ms-internal-error", Severity.ERROR, facts=())
def internal_error(fact: Any, context: Any) -> Iterable[Judgement]:
    """Judges no fact: the hosts report it where the analysis raised."""
    return ()

"""Whether a file can matter at all, decided from its text: most files speak of no optimizer and cost a search."""

from __future__ import annotations

import re

from ms_optim_lint.patterns import pattern

#: Ways to get at MindSpore. A project's own modules can stand between, so its typical words count too.
_MINDSPORE = "mindspore", "order_params", "LearningRateSchedule"
_RATE = pattern(r"learning_rate\s*=")
#: What stands before ``trainable_params`` where it is of something, or imported. A variable that is called so can be anybody's.
_TRAINABLE = pattern(r"trainable_params\b")
_LEADS = pattern(r"(?:[.'\"]\s*|\bimport\b(?:[\w ,]*|\s*\([\w\s,]*)(?<!\w))\Z")
#: It is looked for in so many characters.
_BEFORE = 4_000

#: The modules that a text imports from; nothing for each ``import`` of modules themselves.
_IMPORTS = pattern(r"(?:^|[;:])[ \t]*(?:from[ \t]+(\S+)[ \t]+import\b|import\b)", re.MULTILINE)
#: Modules of MindSpore that have operators, some of them called like optimizers, and nothing that leads to an optimizer.
_OPERATORS = (
    "mindspore.ops.operations",
    "mindspore.ops.auto_generate",
    "mindspore.ops.op_info_register",
    "mindspore.ops._",
)
_OTHER_IMPORTS = "__import__", "exec(", "eval("

#: Something that is about optimizers: what they are given, what is done with them, rates.
_WORDS = ("learning_rate trainable_params order_params zero_grad parameters_and_names WarmUpLR").split()
#: Their names, and whatever has ``optim`` in it but words of plain English that are no part of an import or a dotted name. Each
#: pattern begins with its key, which is looked for first: that costs much less.
_NAMES = {
    "Ada": pattern(r"Ada(?:m|[fF]actor|[dg]\w)"),
    "SGD": pattern(r"SGD\b"),
    "FTRL": pattern(r"FTRL\b"),
    "Lamb": pattern(r"Lamb\b"),
    "LAMB": pattern(r"LAMB\b"),
    "LARS": pattern(r"LARS\b"),
    "Momentum": pattern(r"Momentum\b"),
    "RMS": pattern(r"RMS[Pp]rop\b"),
    "Rprop": pattern(r"Rprop\b"),
    "thor": pattern(r"thor(?<!\wthor)\b"),
    "Optimizer": pattern(r"Optimizer\b"),
    "Decay": pattern(r"Decay\w*LR"),
    "_lr": pattern(r"_lr(?:(?<=decay_lr)|(?<=constant_lr)|(?<=warmup_lr)|(?<=dynamic_lr))"),
    "optim": pattern(
        r"optim(?!(?<![\w.]optim)(?<!from optim)(?<!import optim)i[sz](?:e|ed|es|ing|able|ation|ations)\b(?!\.\w| import))"
    ),
}


def may_matter(text: str) -> bool:
    """Whether ``text`` could have a finding. False is certain, but for what other files of the project do that it calls."""
    return speaks_of_mindspore(text) and speaks_of_optimizers(text) and not _has_only_operators(text)


def _has_only_operators(text: str) -> bool:
    """Whether all that a file imports are operators of MindSpore."""
    found = None
    for found in _IMPORTS.finditer(text):  # most files begin with another import
        if not (found[1] or "").startswith(_OPERATORS):
            return False
    return found is not None and not any(word in text for word in _OTHER_IMPORTS)


def speaks_of_optimizers(text: str) -> bool:
    """Whether there is something in it that is about optimizers."""
    for word in _WORDS:
        if word in text:
            return True
    for part, name in _NAMES.items():
        if part in text and name.search(text) is not None:
            return True
    return False


def speaks_of_mindspore(text: str) -> bool:
    """The half of it that holds for the JSON text of a notebook, too."""
    for word in _MINDSPORE:
        if word in text:
            return True
    if "trainable_params" in text:
        for found in _TRAINABLE.finditer(text):
            if _LEADS.search(text[max(0, found.start() - _BEFORE) : found.start()]) is not None:
                return True
    return "learning_rate" in text and _RATE.search(text) is not None

"""Whether a file can matter at all, decided from its text: most files speak of no optimizer and cost a search."""

from __future__ import annotations

from ms_optim_lint.patterns import pattern

#: Ways to get at MindSpore. A project's own modules can stand between, so its typical words count too.
_MINDSPORE = "mindspore", "order_params", "LearningRateSchedule"
_RATE = pattern(r"learning_rate\s*=")
#: ``trainable_params`` of something, or imported. A variable that is called so can be anybody's.
_TRAINABLE = pattern(r"[.'\"]\s*trainable_params\b|\bimport\b(?:[\w ,]*|\s*\([\w\s,]*)\btrainable_params\b")

#: Something that is about optimizers: their names, what they are given, what is done with them.
_OPTIMIZERS = pattern(
    r"\b(?:Adam\w*|AdaFactor|Adafactor|Ada[dg]\w+|ASGD|FTRL|Lamb|LAMB|LARS|LazyAdam|Momentum|ProximalAdagrad|RMS[Pp]rop|Rprop|SGD|NAdam"
    r"|RAdam|thor|Optimizer|FusedAdamW)\b|trainable_params|order_params|optim|learning_rate|zero_grad|parameters_and_names"
    r"|decay_lr|constant_lr|warmup_lr|Decay\w*LR|WarmUpLR|dynamic_lr"
)


#: What is in every match of the pattern: a match as it is, or a part of one. To look for them costs much less than the search.
_WHOLE = (
    "learning_rate trainable_params order_params zero_grad parameters_and_names decay_lr constant_lr warmup_lr WarmUpLR "
    "dynamic_lr"
).split()
_PARTS = "Ada SGD FTRL Lamb LAMB LARS Momentum RMS Rprop thor Optimizer Decay".split()
#: Words of plain English that have ``optim`` in them, where they are not part of an import or of a dotted name.
_PROSE = pattern(
    r"optim(?<![\w.]optim)(?<!from optim)(?<!import optim)i[sz](?:e|ed|es|ing|able|ation|ations)\b(?!\.\w| import)"
)


def may_matter(text: str) -> bool:
    """Whether ``text`` could have a finding. False is certain."""
    return speaks_of_mindspore(text) and speaks_of_optimizers(text)


def speaks_of_optimizers(text: str) -> bool:
    """Whether the pattern for optimizers matches, plain English left aside."""
    for word in _WHOLE:
        if word in text:
            return True
    if "optim" in text:
        text = _PROSE.sub("", text)
        if "optim" in text:
            return True
    return any(part in text for part in _PARTS) and _OPTIMIZERS.search(text) is not None


def speaks_of_mindspore(text: str) -> bool:
    """The half of it that holds for the JSON text of a notebook, too."""
    for word in _MINDSPORE:
        if word in text:
            return True
    if "trainable_params" in text and _TRAINABLE.search(text) is not None:
        return True
    return "learning_rate" in text and _RATE.search(text) is not None

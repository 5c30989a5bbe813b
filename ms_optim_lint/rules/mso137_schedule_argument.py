"""A schedule is given something that MindSpore refuses.

## What it does
Finds arguments of the wrong type or out of range, missing and unknown ones, in calls of

- the functions of `mindspore.nn` that give a list of rates (`nn.cosine_decay_lr`, `nn.piecewise_constant_lr`, ...);
- the schedules of `mindspore.nn` (`nn.CosineDecayLR`, `nn.WarmUpLR`, ...), own subclasses too where they call
  `super().__init__`;
- the schedulers of `mindspore.experimental.optim.lr_scheduler` (`StepLR`, `MultiStepLR`, ...).

## Why is this bad?
The program stops there. MindSpore does not convert numbers here: a rate must be a float and a number of steps an int.
`0` is no float, and `epochs * steps / 2` is no int.

## How MindSpore behaves
- `nn.cosine_decay_lr(0, 0.1, 100, 10, 10)`: TypeError, `For 'cosine_decay_lr', the argument 'min_lr' must be type of
  float, but got 'min_lr' type: <class 'int'>.`
- `nn.exponential_decay_lr(0.1, 0.9, 100, 100 / 10, 1)`: TypeError, `The 'step_per_epoch' must be int, but got 'float'`
- `nn.WarmUpLR(0.1, 0)`: ValueError, `For 'WarmUpLR', the 'warmup_steps' must be int and must > 0, but got '0' with type
  'int'.`
- `nn.CosineDecayLR(0.1, 0.01, 100)`: ValueError, `For 'CosineDecayLR', the 'max_lr' must be greater than the 'min_lr',
  but got 'max_lr' value: 0.01, 'min_lr' value: 0.1.`
- `nn.piecewise_constant_lr([5, 2], [0.1, 0.01])`: ValueError, `For 'piecewise_constant_lr', the value of milestone[1]
  must be greater than milestone[0], ...`; with lists of two lengths: ValueError, `... the size of 'milestone' must be
  same with the size of 'learning_rates', ...`; with an array or a range: TypeError
- `nn.WarmUpLR(lr=0.1, warmup_steps=4)`: TypeError, `... got an unexpected keyword argument 'lr'`
- `StepLR(optimizer, 30, gamma=1)`: TypeError, `For 'StepLR', the 'gamma' must be float, but got <class 'int'>.`
- `MultiStepLR(optimizer, (30, 60))`: TypeError, `The type of 'milestones' should be 'list', but got type 'tuple'.`
- `LinearLR(optimizer, 0)`: ValueError, `Starting multiplicative factor expected to be greater than 0 and less than or
  equal to 1.`

True and False are no numbers here, nor are a Tensor or a number of numpy, but for `np.float64`, which is a float.

The same in MindSpore 2.0.0, 2.7.0 and 2.10.0 (the schedulers 2.7.0 and 2.10.0).

## Example
```python
from mindspore import nn

epochs, steps = 10, 50
net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
rates = nn.cosine_decay_lr(min_lr=0, max_lr=0.1, total_step=epochs * steps, step_per_epoch=steps, decay_epoch=epochs)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9)
```

## Use instead
```python
from mindspore import nn

epochs, steps = 10, 50
net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
rates = nn.cosine_decay_lr(min_lr=0.0, max_lr=0.1, total_step=epochs * steps, step_per_epoch=steps, decay_epoch=epochs)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9)
```

## Fix safety
There is no fix. Where the right value can be read off, the message says it.

## Known limits
- A value that is not known is judged only where its expression says that it is a float (a division, a product with a
  float) or an int (a length).
- A constant is reported only where all that the argument can be is wrong: it is often a start value that is replaced.
- An optimizer of the wrong family is MSO181. What MindSpore takes and what turns the schedule round is MSO130.
- `SequentialLR`, and the functions of `LambdaLR` and `MultiplicativeLR`, are not judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.cosine_decay_lr:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.cosine_decay_lr.html>
- mindspore.nn.PolynomialDecayLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.PolynomialDecayLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Optional, Union

from ms_optim_lint.domain.shapes import Choice, Location
from ms_optim_lint.facts import Argument, ScheduleCall
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.rules.arguments import Asked, filtered_by_name, is_number, wrong_one
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


class _Wanted(NamedTuple):
    """What an argument must be. ``kinds``: ``float``, ``int``, ``bool``, ``list``, ``tuple``, ``str`` or none, where only the
    range of a number is checked. ``item``: what must be in a list."""

    words: str
    kinds: tuple[str, ...] = ()
    above: Optional[float] = None
    least: Optional[float] = None
    most: Optional[float] = None
    below: Optional[float] = None
    among: tuple[str, ...] = ()
    item: Optional[_Wanted] = None

    def holds(self, value: float) -> bool:
        """Whether a number is in the range."""
        return not (
            (self.above is not None and value <= self.above)
            or (self.least is not None and value < self.least)
            or (self.most is not None and value > self.most)
            or (self.below is not None and value >= self.below)
            or value != value
        )


_RATE = _Wanted("a float above 0", ("float",), above=0)
_END = _Wanted("a float of 0.0 or more", ("float",), least=0)
_FLOAT = _Wanted("a float", ("float",))
_COUNT = _Wanted("an int above 0", ("int",), above=0)
#: ``isinstance(value, int)``, which a truth value is.
_ANY_INT = _Wanted("an int", ("int", "bool"))
_FLAG = _Wanted("True or False", ("bool",))
_NUMBER = _Wanted("a number", ("float", "int"))
_STEPS = {"total_step": _COUNT, "step_per_epoch": _COUNT, "decay_epoch": _COUNT}
_DECAY = {"learning_rate": _RATE, "decay_rate": _RATE, "is_stair": _FLAG}
_COSINE = {"min_lr": _END, "max_lr": _RATE}
_POLYNOMIAL = {"learning_rate": _RATE, "end_learning_rate": _END, "power": _RATE}
_START = _Wanted("a number above 0 and up to 1", above=0, most=1)
_PART = _Wanted("a number from 0 to 1", least=0, most=1)
_PERIOD = {"T_0": _COUNT._replace(kinds=("int", "bool")), "T_mult": _Wanted("an int above 0", ("int", "bool"), least=1)}
_ARGUMENTS: dict[str, dict[str, _Wanted]] = {
    "nn.exponential_decay_lr": {**_DECAY, **_STEPS},
    "nn.natural_exp_decay_lr": {**_DECAY, **_STEPS},
    "nn.inverse_decay_lr": {**_DECAY, **_STEPS},
    "nn.cosine_decay_lr": {**_COSINE, **_STEPS},
    "nn.polynomial_decay_lr": {**_POLYNOMIAL, **_STEPS, "update_decay_epoch": _FLAG},
    "nn.warmup_lr": {"learning_rate": _END, **_STEPS, "warmup_epoch": _COUNT},
    "nn.piecewise_constant_lr": {
        "milestone": _Wanted("a list of ints above 0", ("list", "tuple"), item=_COUNT),
        "learning_rates": _Wanted("a list of floats", ("list", "tuple"), item=_FLOAT),
    },
    "nn.ExponentialDecayLR": {**_DECAY, "decay_steps": _COUNT},
    "nn.NaturalExpDecayLR": {**_DECAY, "decay_steps": _COUNT},
    "nn.InverseDecayLR": {**_DECAY, "decay_steps": _COUNT},
    "nn.CosineDecayLR": {**_COSINE, "decay_steps": _COUNT},
    "nn.PolynomialDecayLR": {**_POLYNOMIAL, "decay_steps": _COUNT, "update_decay_steps": _FLAG},
    "nn.WarmUpLR": {"learning_rate": _END, "warmup_steps": _COUNT},
    "StepLR": {"step_size": _ANY_INT, "gamma": _FLOAT},
    "ExponentialLR": {"gamma": _FLOAT},
    "PolynomialLR": {"total_iters": _ANY_INT, "power": _END},
    "LinearLR": {"start_factor": _START, "end_factor": _PART, "total_iters": _ANY_INT},
    "ConstantLR": {"factor": _PART, "total_iters": _ANY_INT},
    "MultiStepLR": {"milestones": _Wanted("a list of ints", ("list",), item=_ANY_INT), "gamma": _NUMBER},
    "ReduceLROnPlateau": {
        "mode": _Wanted("'min' or 'max'", ("str",), among=("min", "max")),
        "factor": _Wanted("a number below 1", below=1),
        "threshold_mode": _Wanted("'rel' or 'abs'", ("str",), among=("rel", "abs")),
    },
    "CosineAnnealingWarmRestarts": {**_PERIOD, "eta_min": _NUMBER},
    "CosineAnnealingLR": {"T_max": _ANY_INT, "eta_min": _NUMBER._replace(kinds=("float", "int", "bool"))},
    "CyclicLR": {},
    "LambdaLR": {},
    "MultiplicativeLR": {},
}


def _written(names: list[str]) -> str:
    """The arguments as a call has them."""
    return " and ".join(f"{name}=..." for name in names)


@rule(37, "ms-schedule-argument", Severity.ERROR, (ScheduleCall,), raises=("TypeError", "ValueError"))
def schedule_argument(fact: ScheduleCall, settings: Settings) -> Iterator[Judgement]:
    version = settings.mindspore_version
    wanted = _ARGUMENTS.get(fact.short)
    signature = catalogue.signature(fact.name, version)
    if wanted is None or signature is None or catalogue.exists(fact.name, version) is not True:
        return
    unknown = [k for k in fact.keywords if not signature.accepts(k.name) and fact.can(k.when)]
    missing = [name for name in signature.required() if name not in fact.arguments]
    for keyword in unknown:
        if not filtered_by_name(fact, keyword):
            remedy = f"write {_written(missing)}, which it needs" if missing and fact.complete else "leave it out"
            message = f"{fact.short} has no argument '{keyword.name}' and raises: {remedy}"
            yield at(fact, keyword.location, message)
    if fact.surplus > 0:
        count = len(signature.positional())
        yield at(
            fact, fact.location, f"{fact.short} takes no more than {count} arguments and raises: leave the rest out"
        )
    elif missing and fact.complete and not unknown:
        needs = " and ".join(missing)
        yield at(fact, fact.location, f"{fact.short} needs {needs} and raises without: add {_written(missing)}")
    right = True
    for name, one in wanted.items():
        argument = fact.arguments.get(name)
        if argument is not None:
            for judgement in _judged(fact, name, argument, one):
                right = False
                yield judgement
    if right:
        yield from _related(fact)


def _judged(fact: ScheduleCall, name: str, argument: Argument, wanted: _Wanted) -> Iterator[Judgement]:
    choices = tuple(choice for choice in argument.choices if fact.can(choice.when))
    found = wrong_one(Asked(name, choices, argument.location, False), lambda choice: _remedy(wanted, choice))
    if found is not None:
        choice, remedy = found
        words = choice.words
        if choice.number:
            words = (
                f"{argument.text}, which is {_article(choice.number)}," if argument.text else _article(choice.number)
            )
        elif wanted.item is not None and choice.kind == "list" and choice.words[2:] in wanted.kinds:
            words = f"{choice.words} with {_wrong_item(wanted.item, choice)} in it"
        message = f"{fact.short} is given {words} as {name}, and raises: write {remedy}"
        yield at(fact, argument.location, message, (choice.location, "the value"))


def _article(word: str) -> str:
    return "an int" if word == "int" else f"a {word}"


def _remedy(wanted: _Wanted, choice: Choice) -> Optional[str]:
    """What to write instead of a value that is refused; None where it is not, or is not known."""
    kinds = wanted.kinds
    if choice.kind == "constant":
        return _of_constant(wanted, choice.value)
    if not kinds or choice.kind == "array" and not choice.rank:
        return None
    if choice.kind == "list":
        if choice.words[2:] not in kinds and choice.words in ("a list", "a tuple", "a set"):
            return wanted.words
        item = _wrong_item(wanted.item, choice) if wanted.item is not None and choice.words[2:] in kinds else None
        return wanted.words if item is not None else None
    if choice.kind in ("number", "unknown"):
        if choice.number and choice.number not in kinds and {"int", "float"} & set(kinds):
            return f"{kinds[0]}(...) around it"
        return wanted.words if choice.kind == "number" and not {"int", "float"} & set(kinds) - {"bool"} else None
    if choice.kind == "text":
        return None if "str" in kinds else wanted.words
    return wanted.words


def _of_constant(wanted: _Wanted, value: object) -> Optional[str]:
    kinds = wanted.kinds
    if isinstance(value, bool):
        return None if not kinds or "bool" in kinds else wanted.words
    if isinstance(value, (int, float)):
        if kinds and type(value).__name__ not in kinds:
            right = _converted(value, kinds) if wanted.holds(value) else None
            return repr(right) if right is not None else wanted.words
        return None if wanted.holds(value) else wanted.words
    if isinstance(value, str):
        return None if value in wanted.among or "str" in kinds and not wanted.among else wanted.words
    return wanted.words


def _converted(value: Union[int, float], kinds: tuple[str, ...]) -> Union[int, float, None]:
    """The same number as one of the kinds; None where there is none."""
    try:
        if "float" in kinds:
            return float(value)
        return int(value) if "int" in kinds and value == int(value) else None
    except (ValueError, OverflowError):  # nan, inf, and what no float can hold
        return None


def _wrong_item(wanted: _Wanted, choice: Choice) -> Optional[str]:
    """What is certainly in a list and must not be; None where nothing is."""
    for member in choice.members:
        if _of_constant(wanted, member) is not None:
            return repr(member)
    for number in sorted(choice.numbers):
        if number and number not in wanted.kinds:
            return _article(number)
    return None


def _related(fact: ScheduleCall) -> Iterator[Judgement]:
    """Arguments that are right alone and wrong together."""
    low, high = _one(fact, "min_lr"), _one(fact, "max_lr")
    if low is not None and high is not None and is_number(low[0].value) and is_number(high[0].value):
        smaller, larger = low[0].value, high[0].value
        if smaller >= larger:
            remedy = "swap the two" if smaller != larger else "write a min_lr below max_lr"
            message = f"{fact.short} is given min_lr={smaller}, not below max_lr={larger}, and raises: {remedy}"
            yield at(fact, low[1], message, (high[1], "max_lr"))
    steps, rates = _one(fact, "milestone"), _one(fact, "learning_rates")
    if steps is not None and rates is not None:
        counts = steps[0].length, rates[0].length
        members: list[Any] = list(steps[0].members)
        if None not in counts and counts[0] != counts[1]:
            message = (
                f"{fact.short} is given {counts[0]} milestones and {counts[1]} learning_rates, and raises: "
                "write one rate for each milestone"
            )
            yield at(fact, rates[1], message, (steps[1], "the milestones"))
        elif steps[0].length == len(members) and members != sorted(members):
            message = f"{fact.short} is given milestones that fall, and raises: write the steps in rising order"
            yield at(fact, steps[1], message)


def _one(fact: ScheduleCall, name: str) -> Optional[tuple[Choice, Location]]:
    """The only thing that an argument can be."""
    argument = fact.arguments.get(name)
    choices = [choice for choice in argument.choices if fact.can(choice.when)] if argument is not None else []
    return (choices[0], argument.location) if argument is not None and len(choices) == 1 else None

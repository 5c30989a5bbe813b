"""Rules that say another thing of another release."""

from __future__ import annotations

import pytest
from running import FIXTURES

from ms_optim_lint import lint
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.project import Project
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import Settings, SettingsError, parse_version

PROGRAM = """\
from mindspore import Model, nn
{imports}
net = nn.Dense(4, 2)
params = net.trainable_params()
{line}
"""

OWN_OPTIMIZER = """
class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate):
        super().__init__(learning_rate, params)

    def construct(self, gradients):
        return [rate * gradient for rate, gradient in zip(self.get_lr(), gradients)]


Plain(params, [0.1, 0.2])
"""


def codes(line: str, version: str) -> list[str]:
    settings = Settings(mindspore_version=parse_version(version), preview=True)
    imports = "from mindspore.experimental import optim\n" if "optim." in line.replace("mint.optim", "") else ""
    text = PROGRAM.format(line=line, imports=imports)
    return [finding.code for finding in analyse(Document("train.py", text), Project(settings)).findings]


@pytest.mark.parametrize(
    ("line", "before", "old", "since", "new"),
    [
        # A list with one rate, and an empty one: the rate is 0 in 2.0, and an error from 2.7 on.
        ("nn.SGD(params, [0.1])", "2.3", [], "2.7", ["MSO139"]),
        ("nn.SGD(params, [])", "2.3", [], "2.7", ["MSO131"]),
        # MindSpore 2.10 warns.
        ("nn.FTRL(params, learning_rate=0.1)", "2.9", [], "2.10", ["MSO107"]),
        ("nn.LazyAdam(params, 0.1)", "2.0", ["MSO107"], "2.10", ["MSO107"]),
        # Of what a release does not have, only that is said.
        ("optim.SGD(params)", "2.0", ["MSO104"], "2.7", ["MSO103"]),
        ("optim.Adam(params, lr=0.1, foreach=True)", "2.0", ["MSO104"], "2.7", ["MSO102"]),
        ("optim.SGD(params, lr=[0.1, 0.2])", "2.0", ["MSO104"], "2.7", ["MSO131"]),
        ("optim.SGD(params, lr=0.1, weight_decay=None)", "2.0", ["MSO104"], "2.7", ["MSO135"]),
        ("from mindspore.mint.optim import FusedAdamW", "2.8", ["MSO104"], "2.9", []),
        ("nn.AdamW(params)", "2.0", ["MSO104"], "2.10", ["MSO104"]),
        ("opt = optim.NAdam(params, lr=0.1)\nopt.lr = 0.2", "2.0", ["MSO104"], "2.7", ["MSO154"]),
        # Of a release that is not known there is silence.
        ("optim.SGD(params)", "2.1", [], "2.10", ["MSO103"]),
        ("nn.SGD(params, 0.1).state_dict()", "2.0", ["MSO191"], "2.3", []),
        ("nn.SGD(params, 0.1).load_state_dict({})", "2.0", ["MSO191"], "2.7", ["MSO191"]),
        ("nn.SGD(params, 0.1).state_dict()['param_groups']", "2.0", ["MSO191"], "2.10", ["MSO191"]),
        ("optim.AdamW(params, lr=0.1).state_step = 0", "2.0", ["MSO104"], "2.7", ["MSO150"]),
        ("opt = optim.SGD(params, lr=0.1)\nopt.param_groups[0]['lr'] = 1", "2.0", ["MSO104"], "2.7", ["MSO155"]),
        ("nn.CosineDecayLR(optim.SGD(params, lr=0.1), 0.1, 4)", "2.0", ["MSO104"], "2.7", ["MSO181"]),
        ("Model(net, None, optim.SGD(params, lr=0.1))", "2.0", ["MSO104"], "2.7", ["MSO185"]),
        ("import pickle\npickle.dumps(optim.SGD(params, lr=0.1))", "2.0", ["MSO104"], "2.7", ["MSO192"]),
        # An own optimizer has to count its steps where get_lr does not.
        (OWN_OPTIMIZER, "2.1", [], "2.2", ["MSO144"]),
        # The same in all.
        ("nn.SGD(params, '0.1')", "2.0", ["MSO131"], "2.10", ["MSO131"]),
        ("nn.Adam(params, betas=(0.9, 0.99))", "2.0", ["MSO102"], "3.0", ["MSO102"]),
    ],
)
def test_findings_by_version(line: str, before: str, old: list[str], since: str, new: list[str]) -> None:
    assert codes(line, before) == old
    assert codes(line, since) == new


@pytest.mark.parametrize(
    "line",
    [
        "nn.SGD(params, 0.1, maximize=True)",
        "nn.Momentum(params, 0.1)",
        "nn.SGD(params, None)",
        "nn.SGD(params, 0.1, weight_decay=None)",
        "nn.SGD(params, 0.1, nesterov=True)",
        "nn.SGD(params, 0.1).learning_rate = 0.2",
        "Model(net, None, 'adam')",
        "nn.WarmUpLR(0.1, 0)",
    ],
)
def test_silent_where_the_error_is_expected(line: str) -> None:
    assert codes(line, "2.10")
    for error in ("(TypeError, ValueError)", "Exception", "BaseException"):
        assert not codes(f"try:\n    {line}\nexcept {error}:\n    pass", "2.10")
    assert not codes(f"import pytest\nwith pytest.raises(Exception):\n    {line}", "2.10")


@pytest.mark.parametrize("line", ["nn.AdamW(params)", "from mindspore.nn import AdamW", "import mindspore.optim"])
@pytest.mark.parametrize("error", ["Exception", "(AttributeError, ImportError)"])
def test_silent_where_a_name_may_be_missing(line: str, error: str) -> None:
    assert codes(line, "2.10") == ["MSO104"]
    assert not codes(f"try:\n    {line}\nexcept {error}:\n    pass", "2.10")
    assert not codes(f"import unittest\nwith unittest.TestCase().assertRaises({error}):\n    {line}", "2.10")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # One mistake, one finding.
        ("nn.Momentum(params, lr=0.1, momentum=0.9)", ["MSO101"]),
        ("nn.Momentum(params, lr=None)", ["MSO101"]),
        ("nn.SGD(params, lr=0.1, foreach=True)", ["MSO101", "MSO102"]),
        ("nn.LARS(nn.SGD(params, 0.1), lr=0.1)", ["MSO102"]),
        ("nn.LazyAdam(params, None)", ["MSO131"]),
        ("nn.FTRL(params, 0.1, weight_decay=None)", ["MSO135"]),
        ("optim.SGD(0.1, params)", ["MSO118"]),
        ("nn.Momentum(*unknown)", []),
        ("nn.Momentum(params, **unknown)", []),
    ],
)
def test_one_mistake_is_said_once(line: str, expected: list[str]) -> None:
    assert sorted(codes(line, "2.10")) == expected


@pytest.mark.parametrize(
    ("code", "last", "first"),
    [
        # The last release without the finding, and the first one with it.
        ("MSO138", "2.6", "2.7"),
        ("MSO139", "2.6", "2.7"),
        ("MSO144", "2.1", "2.2"),
        ("MSO184", "2.6", "2.7"),
    ],
)
def test_rules_begin_with_a_release(code: str, last: str, first: str) -> None:
    bad = next(rule.bad for rule in ALL if rule.code == code)

    def told(version: str) -> list[str]:
        settings = Settings(mindspore_version=parse_version(version), preview=True)
        return [one.code for one in lint(bad, "bad.py", settings)]

    assert code not in told(last)
    assert told(first) == [code]


def lines(name: str, code: str, version: str) -> list[int]:
    path = FIXTURES / "runtime" / name
    settings = Settings(mindspore_version=parse_version(version))
    found = analyse(Document(str(path), path.read_text("utf-8")), Project(settings)).findings
    return [finding.place.line for finding in found if finding.code == code]


@pytest.mark.parametrize(("version", "wanted"), [("2.0", [12]), ("2.1", [12]), ("2.2", []), ("2.10", [])])
def test_looking_at_a_rate_counts_a_step_in_old_releases(version: str, wanted: list[int]) -> None:
    assert lines("asked_rate.py", "MSO159", version) == wanted


@pytest.mark.parametrize(("version", "wanted"), [("2.0", [52]), ("2.6", [52]), ("2.7", [28, 34, 43, 52])])
def test_a_tensor_reaches_the_step_in_old_releases(version: str, wanted: list[int]) -> None:
    assert sorted(lines("replaced_rate.py", "MSO158", version)) == wanted


#: What each release says of a line: 2.0, 2.3, 2.7 and 2.10.
RELEASES = ("2.0", "2.3", "2.7", "2.10")
GROUPS = "[{'params': params}, {'order_params': []}]"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        # What exists: experimental.optim came with 2.2, mint.optim with 2.3, its FusedAdamW with 2.9.
        ("optim.SGD(params, lr=0.1)", ["MSO104", "", "", ""]),
        ("from mindspore.experimental.optim import AdamW", ["MSO104", "", "", ""]),
        ("from mindspore import mint\nmint.optim.AdamW(params, lr=0.1)", ["MSO104", "", "", ""]),
        ("from mindspore.mint.optim import FusedAdamW", ["MSO104", "MSO104", "MSO104", ""]),
        # Methods of an optimizer: state_dict came with 2.7 at the latest, and never has param_groups.
        ("nn.SGD(params, 0.1).state_dict()", ["MSO191", "", "", ""]),
        ("nn.SGD(params, 0.1).state_dict()['param_groups']", ["MSO191", "MSO191", "MSO191", "MSO191"]),
        # An empty order_params is an error up to 2.8, and is ignored from 2.9 on.
        (f"nn.SGD({GROUPS}, 0.1)", ["MSO122", "MSO122", "MSO122", "MSO127"]),
        # What is called deprecated.
        ("nn.LazyAdam(params, 0.1)", ["MSO107", "MSO107", "MSO107", "MSO107"]),
        ("nn.FTRL(params, learning_rate=0.1)", ["", "", "", "MSO107"]),
        ("nn.ProximalAdagrad(params, learning_rate=0.1)", ["", "", "", "MSO107"]),
        ("nn.LARS(nn.SGD(params, 0.1))", ["", "", "", "MSO107"]),
        # Rates
        ("nn.SGD(params, [0.1])", ["", "", "MSO139", "MSO139"]),
        (OWN_OPTIMIZER, ["", "MSO144", "MSO144", "MSO144"]),
    ],
)
def test_each_release_has_its_own_findings(line: str, found: list[str]) -> None:
    assert [" ".join(codes(line, release)) for release in RELEASES] == found


@pytest.mark.parametrize("rule", [rule for rule in ALL if rule.bad], ids=lambda rule: rule.code)
def test_later_releases_behave_as_the_newest_known(rule: Rule) -> None:
    def told(version: str) -> list[tuple[str, str]]:
        settings = Settings(mindspore_version=parse_version(version), preview=True)
        return [(one.code, one.message) for one in lint(rule.bad, "bad.py", settings)]

    assert told("2.10") == told("2.10.3") == told("2.11") == told("3.0") == told("99.1.2")


@pytest.mark.parametrize(
    "nonsense", ["", "new", "2", "two.seven", "v2.7", "2,7", "-2.7", "2.7.0.1", "2.7-beta", "None"]
)
def test_nonsense_is_told_what_is_accepted(nonsense: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_version(nonsense)
    message = str(caught.value)
    assert message.startswith(f"'{nonsense}' is not a MindSpore version; write two or three numbers such as 2.7")
    assert "2.0, 2.7, 2.8, 2.9, 2.10" in message
    for accepted in ("2.0", "2.3", "2.7.1", "2.10", "2.10.0rc1", "3.0"):
        parse_version(accepted)

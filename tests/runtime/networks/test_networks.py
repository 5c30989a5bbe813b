"""The parameters of networks: computed from source they are MindSpore's own, or the linter says that it does not know them."""

from __future__ import annotations

import pytest

from ms_optim_lint.settings import NEWEST, parse_version
from runtime import warm

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("the networks are written for the newest release", allow_module_level=True)

from runtime.networks import packages
from runtime.networks.compare import Program, computed, measured, of_packages, own, root_of

#: Networks of which the linter does not know all parameters. It must say so; everything else is known.
PARTIAL = {
    "custom_get": "a method of its own decides what the parameters are",
    "environment": "an environment variable decides",
    "init_function_assigns": "each layer of a network is given other Parameters",
    "regnet_x_200mf": "numpy computes how many layers there are",
    "try_build": "an error that is caught decides",
    "yolov5": "texts of a configuration are evaluated",
    "yolov8": "texts of a configuration are evaluated",
}


@pytest.mark.parametrize("program", [*own(), *of_packages()], ids=lambda program: program.name)
def test_parameters_are_those_of_mindspore(program: Program) -> None:
    found = computed(program)
    if program.name in PARTIAL:
        assert found.parameters is None, "all are known now: take the network out of PARTIAL"
        return
    assert found.parameters is not None, found.reason
    assert found.parameters == measured(program)


def test_few_are_unknown() -> None:
    programs = [program.name for program in (*own(), *of_packages())]
    assert len([name for name in programs if name in PARTIAL]) <= len(programs) * 0.05 or len(programs) < 100


@pytest.mark.parametrize("package", [package.name for package in packages.ALL])
def test_package_is_here(package: str) -> None:
    if root_of(package) is None:
        pytest.skip(f"{package} is not installed here (see tests/runtime/README.md)")

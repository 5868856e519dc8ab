"""All operations of the document, called as it says and as it does not: nothing breaks, and all answers are in it."""

import zlib
from itertools import islice

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from agentmem.records import Event
from agentmem.web.api.document import PATH
from agentmem.web.api.serving import app_of

IDS = ("t/1", "t2", "t3", "t4")
"""Of what is there, so that not all that is called names nothing."""
MODES = list(GenerationMode)


@pytest.fixture
def described(bank, holders):
    """The document of a server that holds something, as schemathesis reads it."""
    stores = ["episodic", "profile+episodic"]
    memory = bank.store(stores[1], ("acme", "ann"))
    memory.observe(*(Event(id=id, text=f"I like tea of the kind {id}.", session="s") for id in IDS))
    memory.put("door", "The code is 1111.")
    app = app_of(bank, holders.tokens, stores, holders.loose, ["testserver"])
    project = ProjectConfig(generation=GenerationConfig(database="none", with_security_parameters=False))
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_asgi(PATH, app, config=config)


def chosen(name):
    """One of those that are there, for most names; else the name itself."""
    place = zlib.crc32(name.encode("utf-8", "replace")) % 6
    return IDS[place] if place < len(IDS) else name


def aimed(case):
    """The case, at things that are there."""
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if name == "id" and isinstance(value, str) and value:
                case.body[name] = chosen(value)
            if name in ("ids", "records") and isinstance(value, list):
                case.body[name] = [chosen(one) if isinstance(one, str) and one else one for one in value]
            if name == "store" and isinstance(value, str) and len(value) <= 500:
                case.body[name] = "" if len(value) % 2 else "profile+episodic"
    return case


def called(case, token):
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance, ignored_auth])


def operations(described):
    return [found.ok() for found in described.get_all_operations()]


def faults(described, most):
    """Requests with each kind of fault that the document lets one think of, so many for an operation at most."""
    for operation in operations(described):
        told = described.iter_coverage_cases(
            operation, generation_modes=MODES, generation_config=described.config.generation_for()
        )
        yield from islice(told, most)


def cases(described, mode):
    return st.one_of([operation.as_strategy(mode) for operation in operations(described)])


def fuzz(described, token, mode, most):
    @settings(max_examples=most, suppress_health_check=list(HealthCheck))
    @given(cases(described, mode))
    def fuzzed(case):
        called(aimed(case) if mode is GenerationMode.POSITIVE else case, token)

    fuzzed()


def test_every_kind_of_fault_is_told(described, holders):
    for case in faults(described, 45):
        called(case, holders.ann)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_breaks(described, holders, mode):
    fuzz(described, holders.ann, mode, 150)


@pytest.mark.slow
def test_every_kind_of_fault_is_told_at_length(described, holders):
    for case in faults(described, 2_000):
        called(case, holders.ann)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_nothing_breaks_for_long(described, holders, mode):
    fuzz(described, holders.ann, mode, 2_500)

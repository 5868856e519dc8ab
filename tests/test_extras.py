import sys

import pytest

from agentmem.errors import Unavailable
from agentmem.extras import check, needed


def test_what_is_not_installed_is_told_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(Unavailable) as caught, needed("workers", "ray"):
        import ray  # noqa: F401
    assert str(caught.value) == (
        'the package ray, needed for workers, is not installed (pip install "agentmem[ray]")'
    )


def test_a_part_of_a_package_is_told_by_the_name_of_the_package():
    with pytest.raises(Unavailable, match="the package no_such_package, needed"), needed("plots", "bench"):
        import no_such_package.part  # noqa: F401


def test_what_else_helps_is_told():
    with pytest.raises(Unavailable) as caught, needed("tasks", "arc", instead="give files"):
        import no_such_package  # noqa: F401
    assert caught.value.remedy == 'pip install "agentmem[arc]", or give files'


def test_a_package_that_is_there_and_cannot_be_imported_is_not_said_to_lack():
    with pytest.raises(Unavailable) as caught, needed("plots", "bench"):
        from json import no_such_name  # noqa: F401
    assert "not installed" not in caught.value.message
    assert "needed for plots cannot be imported: cannot import name" in caught.value.message


def test_other_errors_pass():
    with pytest.raises(ZeroDivisionError), needed("plots", "bench"):
        _ = 1 / 0


def test_what_lacks_is_named_without_an_import():
    check("plots", "bench", "json", "sqlite3")
    with pytest.raises(Unavailable) as caught:
        check("the inspector", "serve", "json", "no_such_one", "no_such_other")
    assert caught.value.message == (
        "the packages no_such_one and no_such_other, needed for the inspector, are not installed"
    )

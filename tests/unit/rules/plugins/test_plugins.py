# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from postward.errors import ConfigErrors
from postward.rules.needs import Need
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from tests.unit.rules.plugins.conftest import HEAD, Shop

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
@rule(id="NAME", needs={"headers"}, may={"tag"})
def plugin(message, config, context):
    '''Says what it does.

    And more.
    '''
    return [Tag(name="x")]
"""
CONFIGURED = """
from dataclasses import dataclass
from typing import Literal

@dataclass(frozen=True, kw_only=True)
class Settings:
    domains: tuple[str, ...]
    mode: Literal["soft", "hard"] = "soft"
    limit: int = 3

    def __post_init__(self):
        if self.limit < 0:
            raise ValueError("limit is below 0")

@rule(id="configured", config=Settings)
def plugin(message, config, context):
    return None
"""


def good(name: str) -> str:
    return GOOD.replace("NAME", name)


def faults(shop: Shop, **settings: Any) -> list[tuple[str, int, str]]:
    with pytest.raises(ConfigErrors) as raised:
        shop.load(**settings)
    return [(error.path.rpartition("/")[2], error.line, error.message) for error in raised.value.errors]


def test_what_plugins_declare_is_known_and_they_are_not_run_here(shop: Shop, tmp_path: Path) -> None:
    shop.write("own.py", f"open({str(tmp_path / 'ran')!r}, 'w').write(str(__import__('os').getpid()))" + good("own"))
    shop.write("shipped.py", good("shipped"), bundled=True)
    plugins = shop.load()
    assert plugins.names() == ("own", "shipped")
    assert plugins.needs("own") == {Need.HEADERS}
    assert plugins.may("own") == {"tag"}
    assert plugins.timeout_s("own") == 2.0
    assert plugins.on_error("own") == ""
    assert plugins.describe("own").description == "Says what it does."
    assert plugins.describe("own").where == f"{shop.folder}/own.py:4"
    assert not plugins.describe("own").is_bundled
    assert plugins.describe("shipped").is_bundled
    assert int((tmp_path / "ran").read_text()) != os.getpid()


def test_without_an_operators_plugin_no_process_is_started(shop: Shop) -> None:
    shop.write("shipped.py", good("shipped"), bundled=True)
    begun = time.monotonic()
    assert shop.load(folders=()).names() == ("shipped",)
    assert time.monotonic() - begun < 0.2


def test_all_faults_of_all_files_come_at_once_with_their_lines(shop: Shop) -> None:
    shop.write("a_syntax.py", "def broken(:\n")
    shop.write("b_missing.py", "import nothing_of_that_name\n")
    shop.write("c_raises.py", "x = 1\nraise ValueError('no \\x1b[31mway')\n")
    shop.write("d_exits.py", "import sys\nsys.exit('done')\n")
    shop.write("e_need.py", "@rule(id='e', needs={'everything'})\ndef e(message, config, context): ...\n")
    shop.write("f_may.py", "@rule(id='f', may={'fly'})\ndef f(message, config, context): ...\n")
    shop.write("g_id.py", "@rule(id='G g')\ndef g(message, config, context): ...\n")
    shop.write("h_frozen.py", "class S: ...\n\n@rule(id='h', config=S)\ndef h(message, config, context): ...\n")
    shop.write("i_empty.py", "x = 1\n")
    shop.write("j_time.py", "@rule(id='j', timeout_s=1e9)\ndef j(message, config, context): ...\n")
    shop.write("k_nul.py", "x = '\0'\n")
    shop.write("l_good.py", good("l"))
    found = faults(shop)
    assert [(name, line) for name, line, _ in found] == [
        ("a_syntax.py", 3), ("b_missing.py", 3), ("c_raises.py", 4), ("d_exits.py", 4), ("e_need.py", 3),
        ("f_may.py", 3), ("g_id.py", 3), ("h_frozen.py", 5), ("i_empty.py", 0), ("j_time.py", 3), ("k_nul.py", 0),
    ]  # fmt: skip
    messages = [message for _, _, message in found]
    assert messages[1] == "cannot be imported: ModuleNotFoundError: No module named 'nothing_of_that_name'"
    assert messages[4].startswith("needs: 'everything' is not one of attachments, auth, body")
    assert messages[7] == "config must be a frozen dataclass"
    assert messages[8] == "declares no plugin"
    assert all(message.isprintable() for message in messages)


def test_an_import_without_end_is_a_fault_of_its_line(shop: Shop) -> None:
    shop.write("a_good.py", good("a"))
    shop.write("b_hangs.py", "def wait():\n    while True:\n        pass\n\nwait()\n")
    begun = time.monotonic()
    ((name, line, text),) = faults(shop, load_timeout_s=5.0)
    assert time.monotonic() - begun < 20
    assert (name, text) == ("b_hangs.py", "does not come to an end when it is imported")
    assert line in {4, 5}


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        ("import ctypes\nctypes.string_at(0)\n", 4, "the process has ended: SIGSEGV"),
        ("import os\nos._exit(3)\n", 0, "the process has ended: status 3"),
        ("import os\nos.kill(os.getpid(), 9)\n", 0, "the process has ended: SIGKILL"),
        ("import os\nos.closerange(3, 64)\n" + good("x"), 0, "the process has ended: status 0"),
    ],
)
def test_an_import_that_ends_the_process_is_a_fault_of_its_file(shop: Shop, code: str, line: int, reason: str) -> None:
    shop.write("a_good.py", good("a"))
    shop.write("b_bad.py", code)
    assert faults(shop) == [("b_bad.py", line, f"cannot be imported: {reason}")]


def test_an_import_that_eats_memory_is_a_fault(shop: Shop) -> None:
    shop.write("a_eats.py", "kept = bytearray(3_000_000_000)\n")
    assert faults(shop) == [("a_eats.py", 3, "cannot be imported: MemoryError: ")]


def test_a_name_belongs_to_one_plugin(shop: Shop) -> None:
    shop.write("shipped.py", good("taken"), bundled=True)
    shop.write("a.py", good("taken"))
    shop.write("b.py", good("twice"))
    shop.write("c.py", good("twice"))
    found = faults(shop)
    assert sorted(found) == [
        ("a.py", 4, "the name taken belongs to another plugin already"),
        ("c.py", 4, "the name twice belongs to another plugin already"),
    ]


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ("x: dict[str, str]", "S.x: its type must be str, int, float, bool"),
        ("x: list[str]", "S.x: its type must be str, int, float, bool"),
        ("x: object = None", "S.x: its type must be str, int, float, bool"),
        ("x: int | str = 3", "S.x: its type may be of one kind, or None"),
        ("x: Unknown", "the types of S cannot be read: name 'Unknown' is not defined"),
        ("x: Literal[1, 2] = 1", "S.x: the values of a choice must be texts"),
        (
            "x: tuple[tuple[tuple[tuple[tuple[tuple[str, ...], ...], ...], ...], ...], ...] = ()",
            "S.x: its type is nested",
        ),
    ],
)
def test_settings_of_no_usable_form_are_a_fault(shop: Shop, types: str, message: str) -> None:
    shop.write(
        "a.py",
        "from dataclasses import dataclass\nfrom typing import Literal\n"
        f"@dataclass(frozen=True)\nclass S:\n    {types}\n\n"
        "@rule(id='a', config=S)\ndef a(message, config, context): ...\n",
    )
    ((name, _, text),) = faults(shop)
    assert name == "a.py"
    assert text.startswith(message)


@pytest.mark.parametrize("bundled", [True, False])
def test_settings_are_checked_by_type_and_by_the_class_itself(shop: Shop, bundled: bool) -> None:
    shop.write("a.py", CONFIGURED, bundled=bundled)
    plugins = shop.load()

    def check(**settings: Any) -> list[tuple[tuple[str | int, ...], str, str]]:
        told: list[tuple[tuple[str | int, ...], str, str]] = []
        plugins.check_settings("configured", settings, lambda *fault: told.append(fault))
        return told

    assert check(domains=["a.example"]) == []
    assert check(domains=["a", 5], mode="sofd", limits=3) == [
        (("domains", 1), "must be text", "put the value in quotes"),
        (("mode",), "must be one of soft, hard", "did you mean soft?"),
        (("limits",), "unknown key", "did you mean limit?"),
    ]
    assert check() == [(("domains",), "is missing", "")]
    assert check(domains=[], limit=-1) == [((), "limit is below 0", "")]
    plugins.settle()
    assert check(domains=[], limit=-2) == [((), "limit is below 0", "")]


def test_files_may_import_their_neighbours_whose_names_begin_with_an_underscore(shop: Shop) -> None:
    shop.write("_shared.py", "NAME = 'shared'\n", head="")
    shop.write("a.py", "import _shared\n" + good("a").replace('"x"', "_shared.NAME"))
    runner = shop.runner()
    assert [action.name for action in shop.run(runner, "a")] == ["shared"]


def test_a_folder_may_hold_two_files_of_one_name_in_two_places(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shop.write("a.py", good("one"))
    (other / "a.py").write_text(HEAD + good("two"))
    assert shop.load(folders=(shop.folder, other)).names() == ("one", "two")


def test_a_folder_that_is_not_there_is_a_fault(shop: Shop) -> None:
    ((name, line, text),) = faults(shop, folders=(shop.folder / "nowhere",))
    assert (name, line, text) == ("nowhere", 0, "the folder of plugins cannot be read: No such file or directory")


def test_processes_run_the_code_that_was_checked_whatever_the_file_says_now(shop: Shop) -> None:
    path = shop.write("a.py", good("a"))
    plugins = shop.load()
    path.write_text("import os\nos._exit(1)\n")
    assert [action.name for action in shop.run(shop.runner(plugins), "a")] == ["x"]


def test_the_digest_is_that_of_the_code(shop: Shop) -> None:
    shop.write("a.py", good("a"))
    first = shop.load().digest
    assert shop.load().digest == first
    shop.write("a.py", good("b"))
    assert shop.load().digest != first


def test_what_comes_with_postward_loads() -> None:
    assert "impersonation" in load_plugins(PluginSettings()).names()

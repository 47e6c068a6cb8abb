# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.config.rule_files import overlooked_files, read_paths, read_rule_files


def test_no_folder_has_no_files(tmp_path):
    assert read_rule_files(tmp_path / "absent") == ((), [])


def test_files_by_name_with_their_lines(tmp_path):
    (tmp_path / "b.yaml").write_text("rules: []\n")
    (tmp_path / "a.yaml").write_text("\n\nlists: {}\nrules:\n- {id: x}\n")
    (tmp_path / "c.yml").write_text("rules: []\n")
    (tmp_path / ".d.yaml").write_text("rules: []\n")
    files, faults = read_rule_files(tmp_path)
    assert faults == []
    assert [file.path for file in files] == [str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]
    assert [entry.key_line for entry in files[0].root.entries.values()] == [3, 4]
    assert files[0].digest != files[1].digest


def test_files_whose_name_has_another_ending_are_told(tmp_path):
    for name in ("a.yaml", "b.yml", "c.YAML", "d.yaml.bak", "README"):
        (tmp_path / name).write_text("rules: []\n")
    told = overlooked_files(tmp_path)
    assert [fault.path.rpartition("/")[2] for fault in told] == ["b.yml", "c.YAML"]
    assert told[0].hint == "give it a name that ends in .yaml"
    assert overlooked_files(tmp_path / "absent") == []


def test_what_is_wrong_with_one_does_not_hide_the_others(tmp_path):
    (tmp_path / "a.yaml").write_text("rules: {")
    (tmp_path / "b.yaml").write_text("rules: []\nrules: []\n")
    (tmp_path / "c.yaml").write_text("just text")
    (tmp_path / "d.yaml").write_text("")
    files, faults = read_rule_files(tmp_path)
    assert [file.path for file in files] == [str(tmp_path / "b.yaml")]
    assert [(fault.path.rpartition("/")[2], fault.line) for fault in faults] == [
        ("a.yaml", 1), ("b.yaml", 2), ("c.yaml", 1),
    ]  # fmt: skip


def test_what_is_not_closed_is_said_in_a_hint(tmp_path):
    (tmp_path / "a.yaml").write_text("rules:\n- do: [{tag: a}\n- do: [junk]\n")
    (tmp_path / "b.yaml").write_text("rules:\n- do: [{tag: a]\n")
    _, faults = read_rule_files(tmp_path)
    assert [fault.hint for fault in faults] == ["a [ before this is not closed", "a { before this is not closed"]


def test_a_file_that_is_not_there(tmp_path):
    files, (fault,) = read_paths([tmp_path / "absent.yaml"])
    assert files == ()
    assert fault.message.startswith("cannot be read")


def test_a_folder_that_cannot_be_read(tmp_path):
    (tmp_path / "file").write_text("")
    files, (fault,) = read_rule_files(tmp_path / "file")
    assert files == ()
    assert fault.message.startswith("cannot be read")

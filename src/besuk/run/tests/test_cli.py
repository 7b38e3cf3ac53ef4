"""The command line tells mistakes in one sentence, and the parent of the tree stays free of Django."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from besuk.run import cli
from besuk.run.plan import SitePlan, free_port, inner_port_for, must_be_free
from besuk.run.speak import NOT_CONFIGURED, Stop


def besuk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with nothing of this one's settings."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment}
    command = [sys.executable, "-m", "besuk.run.cli", *arguments]
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60, check=False)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    for name in ("serve", "demo", "web", "keeper", "worker", "guard", "setup", "migrate", "check", "audit", "manage"):
        assert name in told, name


@pytest.mark.parametrize("port", ["0", "70000", "x", "-1"])
def test_a_port_that_is_none_is_told(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["demo", "--port", port])
    assert ended.value.code == 2
    assert "port" in capsys.readouterr().err


def test_a_port_in_use_is_told_with_another_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["demo", "--port", str(port), "--dir", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert f"port {port} is in use already." in told
    assert "PORT=" in told
    assert "Traceback" not in told


def test_a_wrong_setting_is_a_sentence_and_not_a_stack() -> None:
    ended = besuk("check", BESUK_MASTER_KEYS="not-a-key")
    assert ended.returncode == NOT_CONFIGURED
    assert "BESUK_MASTER_KEYS" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_web_without_a_database_says_what_to_run(tmp_path: Path) -> None:
    ended = besuk("web", "--port", str(free_port()), BESUK_DATA_DIR=str(tmp_path / "none"))
    assert ended.returncode == NOT_CONFIGURED
    assert "besuk setup" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_setup_makes_the_database_and_twice_is_harmless(tmp_path: Path) -> None:
    for _ in range(2):
        ended = besuk("setup", BESUK_DATA_DIR=str(tmp_path / "data"))
        assert (ended.returncode, ended.stdout.strip()) == (0, "The database is up to date.")
    assert (tmp_path / "data" / "besuk.sqlite3").exists()


def test_tls_needs_both_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["web", "--certificate", str(tmp_path / "a.crt")]) == 2
    assert "--key" in capsys.readouterr().err


def test_the_parent_of_the_tree_imports_no_django() -> None:
    modules = "besuk.run.serve, besuk.run.demo.start, besuk.run.guard, besuk.run.tree"
    code = f"import {modules}, sys; print([m for m in sys.modules if m.split('.')[0] == 'django'])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_a_plan_tells_its_children_one_address_and_hides_its_secrets(tmp_path: Path) -> None:
    plan = SitePlan(tmp_path, "127.0.0.1", 8000, "http://x", hosts=("x",), extra={"BESUK_SECRET_KEY": "hush"})
    told = plan.environment()
    assert told["BESUK_SITE_URL"] == "http://x"
    assert told["BESUK_HOSTS"].split(",") == ["127.0.0.1", "localhost", "x"]
    assert told["BESUK_SECRET_KEY"] == "hush"
    assert "hush" not in repr(plan)


def test_only_what_loopback_cannot_reach_gets_a_second_port() -> None:
    assert inner_port_for("127.0.0.1", tls=False) is None
    assert inner_port_for("0.0.0.0", tls=False) is None
    assert inner_port_for("0.0.0.0", tls=True)
    assert inner_port_for("10.1.2.3", tls=False)


def test_a_free_port_is_free() -> None:
    must_be_free("127.0.0.1", free_port())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Stop, match="in use"):
            must_be_free("127.0.0.1", taken.getsockname()[1])

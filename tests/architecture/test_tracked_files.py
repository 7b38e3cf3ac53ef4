"""What is committed belongs to everybody: no addresses of registries, no paths of one machine, no secrets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import source

# Written in pieces, so that this file is not its own finding.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js", "npm" + "js.org", "npm" + "js.com",
              "registry.yarn" + "pkg", "proxy.golang" + ".org", "sum.golang" + ".org", "deb.debian" + ".org",
              "crates" + ".io", "repo1.maven" + ".org", "jsr" + ".io/@"]  # fmt: skip
MACHINES = ["/ro" + "ot/", "/wo" + "rk/", "/opt/" + "wheels", "/home/" + "user", "find" + "-links", "--index" + "-url",
            "--extra-index" + "-url"]  # fmt: skip
SECRETS = [r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----"]
FORBIDDEN = re.compile("|".join([*map(re.escape, REGISTRIES + MACHINES), *SECRETS]))
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".woff2", ".ico", ".mo", ".heic", ".pdf", ".y4m", ".wav"}
BUILT = (".mo", ".pyc", ".sqlite3", ".so", ".exe", ".log")


def findings(text: str) -> Iterator[str]:
    """Lines of `text` with something that must not be committed."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := FORBIDDEN.search(line):
            yield f"{number}: {match.group()}"


def texts() -> list[Path]:
    """Every text file of the repository."""
    return [path for path in source.files() if path.suffix not in BINARY]


def test_no_file_names_a_registry_a_machines_path_or_a_secret() -> None:
    broken = [f"{path.relative_to(source.ROOT)}:{finding}" for path in texts()
              for finding in findings(path.read_text(encoding="utf-8", errors="replace"))]  # fmt: skip
    assert not broken, "\n".join(broken)


def test_locks_hold_versions_and_hashes_but_no_addresses() -> None:
    locks = [*source.ROOT.glob("requirements*.lock"), *source.ROOT.glob("tools/*.lock")]
    assert len(locks) >= 2
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
    assert '"resolved"' not in (source.ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_no_build_output_is_committed() -> None:
    broken = [str(path.relative_to(source.ROOT)) for path in source.files()
              if path.suffix in BUILT or "node_modules" in path.parts or "LC_MESSAGES" in path.parts]  # fmt: skip
    assert not broken


def test_pages_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:", re.I)
    allowed = re.compile(r"<script[^>]*type=[\"']application/json[\"']")
    broken = [
        f"{path.relative_to(source.ROOT)}:{number} {match.group()}"
        for path in texts()
        if path.suffix == ".html" and source.PRODUCT in path.parents
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := inline.search(line)) and not allowed.search(line)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("line", ["url = https://" + REGISTRIES[0] + "/simple", MACHINES[1] + "main/src", MACHINES[2]])
def test_a_forbidden_line_would_be_found(line: str) -> None:
    assert list(findings(line))


def test_go_module_paths_are_fine() -> None:
    assert not list(findings("github.com/pion/turn/v5 v5.0.13 h1:abc="))

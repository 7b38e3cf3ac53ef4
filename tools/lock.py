"""Write the lock files: every Python package by version and hash, no addresses. Runs in the environment (uv)."""

from pathlib import Path

from tools.places import ROOT, VENV, run, say

PLAIN = (
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate",
    "--no-header", "--no-config", "--quiet",
)  # fmt: skip


def compile_lock(target: Path, source: Path, *more: str) -> None:
    """Resolve `source` (a project file or a list of requirements) into `target`."""
    say(target.name)
    run([VENV / "bin" / "uv", "pip", "compile", source, *PLAIN, *more, "--upgrade", "-o", target], quiet=True)


def main() -> None:
    """Both locks; the second holds the first, so that tests see what runs."""
    project, runs = ROOT / "pyproject.toml", ROOT / "requirements.lock"
    compile_lock(runs, project, "--extra", "build")
    compile_lock(ROOT / "requirements-dev.lock", project, "--extra", "build", "--extra", "dev", "-c", str(runs))


if __name__ == "__main__":
    main()

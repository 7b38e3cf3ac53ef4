"""The `besuk` command. Each part is imported only when it is asked for: the guard must stay free of Django."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from besuk.run.speak import NOT_CONFIGURED, Stop, complain, say

Do = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. A mistake of the user is told in a sentence, without a stack."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
    asked, rest = parser().parse_known_args(arguments)
    if rest and not asked.takes_rest:
        parser().error(f"unknown: {' '.join(rest)}")
    asked.rest = rest
    do: Do = asked.do
    try:
        return do(asked)
    except Stop as stop:
        complain(stop)
        return stop.code
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """All commands."""
    top = argparse.ArgumentParser(prog="besuk", description="Supervised video visits for prisons.")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, words: str, do: Do, *, rest: bool = False) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words, add_help=not rest)
        one.set_defaults(do=do, takes_rest=rest)
        return one

    _address(command("serve", "Run a whole site: pages, worker, media server, and the guard over them.", _serve))
    demo = command("demo", "Run a whole site with made-up people, to try it out.", _demo)
    _address(demo, host=False)
    demo.add_argument("--dir", type=Path, default=Path("build/demo"), help="where the demo keeps its data")
    demo.add_argument("--lan", action="store_true", help="serve over TLS to this network, for a real phone")
    demo.add_argument("--big", action="store_true", help="with 1,500 inmates and two years of visits")
    web = command("web", "Run the pages and the keeper alone.", _web)
    _address(web)
    web.add_argument("--certificate", type=Path, help="PEM file, for TLS without a proxy")
    web.add_argument("--key", type=Path, help="PEM file of the key")
    web.add_argument("--inner-port", type=int, help="a second, plain port on loopback")
    command("keeper", "Run the keeper alone, beside web processes that share Redis.", _keeper)
    command("worker", "Run the worker alone: messages and tidying.", _worker)
    command("guard", "Run the guard alone, beside a media server.", _guard)
    command("setup", "Prepare the data folder and the database.", _setup)
    command("migrate", "Bring the database up to date.", _setup)
    command("check", "Say in sentences what is wrong with the configuration.", _check)
    command("audit", "Verify the log (`besuk audit verify`).", _audit, rest=True)
    command("manage", "Pass a command to Django (`besuk manage shell`).", _manage, rest=True)
    return top


def _address(one: argparse.ArgumentParser, *, host: bool = True) -> None:
    one.add_argument("--port", type=_port, default=8000, help="default 8000")
    if host:
        one.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")


def _port(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1024 to 65535")
    return number


def _serve(asked: argparse.Namespace) -> int:
    from besuk.run.serve import run_site, site_from_environment

    plan = site_from_environment(host=asked.host, port=asked.port)
    run_site(plan, lambda: say(f"Besuk is ready at {plan.site_url} (Ctrl-C ends it; logs in {plan.logs})"))
    return 0


def _demo(asked: argparse.Namespace) -> int:
    from besuk.run.demo.start import Wanted, run_demo

    run_demo(Wanted(port=asked.port, directory=asked.dir.absolute(), lan=asked.lan, big=asked.big))
    return 0


def _web(asked: argparse.Namespace) -> int:
    from besuk.run.ready import must_be_ready
    from besuk.run.web import Listening, run_web

    if bool(asked.certificate) != bool(asked.key):
        raise Stop("TLS needs a certificate and its key.", "Give both --certificate and --key.")
    must_be_ready()
    run_web(Listening(asked.host, asked.port, asked.certificate, asked.key, asked.inner_port))
    return 0


def _keeper(asked: argparse.Namespace) -> int:
    raise Stop(
        "the keeper runs inside `besuk web` as long as there is one web process.",
        "Start `besuk web` or `besuk serve`; a keeper apart comes with Redis.",
    )


def _worker(asked: argparse.Namespace) -> int:
    from besuk.run.ready import must_be_ready

    must_be_ready()
    from besuk.run.worker import run_worker

    run_worker()
    return 0


def _guard(asked: argparse.Namespace) -> int:
    from besuk.run.serve import run_guard_alone

    run_guard_alone()
    return 0


def _setup(asked: argparse.Namespace) -> int:
    from besuk.run.ready import migrate

    say(migrate())
    return 0


def _check(asked: argparse.Namespace) -> int:
    from besuk.run.ready import faults

    told = faults()
    for one in told:
        say(one)
    say("Nothing is wrong." if not told else f"{len(told)} to put right.")
    return NOT_CONFIGURED if told else 0


def _audit(asked: argparse.Namespace) -> int:
    from besuk.run.ready import set_up_django

    set_up_django()
    from besuk.ground.audit.command import main as audit

    return audit(asked.rest)


def _manage(asked: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["besuk manage", *asked.rest])
    return 0


if __name__ == "__main__":
    sys.exit(main())

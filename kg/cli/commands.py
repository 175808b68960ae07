"""What all commands have in common: options that say how they speak, examples in their help, defaults of `kg.toml`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from kg.cli.examples import EXAMPLES, SHORT
from kg.cli.manner import MANNER, Color
from kg.cli.output import detail
from kg.config import CHOICES, default, in_force
from kg.errors import KgError, UsageError

_MILLION = 1e6


def _quiet(context: typer.Context, value: bool) -> None:
    if value and not context.resilient_parsing:
        MANNER.quiet = True
        _agree()


def _verbose(context: typer.Context, value: bool) -> None:
    if value and not context.resilient_parsing:
        MANNER.verbose = True
        _agree()


def _color(context: typer.Context, value: Color) -> None:
    if value is not Color.AUTO and not context.resilient_parsing:
        MANNER.color = value


def _agree() -> None:
    if MANNER.quiet and MANNER.verbose:
        raise UsageError("--quiet and --verbose contradict each other: leave one of them out")


def _shared(
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", callback=_quiet, help="Say only what went wrong, and what is left out.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", callback=_verbose, help="Say which steps are taken, and how long.")
    ] = False,
    color: Annotated[
        Color, typer.Option("--color", callback=_color, help="Colours; auto: on a terminal without NO_COLOR.")
    ] = Color.AUTO,
) -> None:
    """The options that every command has."""


SHARED = ("--quiet", "-q", "--verbose", "-v", "--color")


def tell_version(context: typer.Context | None = None, value: bool = True) -> None:
    """Print the version and end, where that was asked for."""
    if value and not (context and context.resilient_parsing):
        from importlib.metadata import version  # Which is slow to import, and wanted by nothing else.

        typer.echo(f"kg {version('billing-kg')}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """The option that only `kg` itself has."""


@cache
def _made(function: Callable[..., None]) -> tuple[Any, ...]:
    """The options of a function, as typer makes them; the commands that have them are not called with them."""
    alone = typer.Typer(add_completion=False)
    alone.command()(function)
    params = get_command(alone).params
    for param in params:
        param.expose_value = False
    return tuple(params)


class Command(TyperCommand):
    """A command with the options of all, with its examples below its help, and with defaults from `kg.toml`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options of the command, then those of all, then `--help`."""
        return _with_shared(super().get_params(ctx))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples."""
        _write_examples(ctx.command_path, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what no option says from the environment or `kg.toml`."""
        rest: list[str] = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            for param in filter(_may_be_named, self.params):
                source = ctx.get_parameter_source(param.name)
                if source and source.name == "DEFAULT" and (value := default(str(param.name)).value):
                    ctx.params[param.name] = value
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; with `--verbose` say what it works on, and what it took."""
        if not MANNER.verbose:
            return super().invoke(ctx)
        _say_where(ctx.params)
        begun = time.perf_counter()
        try:
            return super().invoke(ctx)
        finally:
            detail(f"{ctx.command_path}: {time.perf_counter() - begun:.2f} s{_memory()}")


class Group(TyperGroup):
    """A group of commands with the options of all."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options of the group, then those of all, then `--help`; of `kg` itself `--version` as well."""
        version = _made(_root) if ctx.parent is None else ()
        return [*version, *_with_shared(super().get_params(ctx))]

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples."""
        _write_examples(ctx.command_path, formatter)


def _with_shared(params: list[Any]) -> list[Any]:
    return [*params[:-1], *_made(_shared), *params[-1:]]


def _write_examples(path: str, formatter: Any) -> None:
    """Examples as they are typed, each below what it does; nothing is wrapped, so that it can be copied."""
    examples = EXAMPLES.get(path.removeprefix("kg").strip(), ())
    if not examples:
        return
    formatter.write_paragraph()
    formatter.write("Examples:\n")
    for what, line in examples:
        formatter.write(f"  {what}:\n    {line}\n")


def dress(app: typer.Typer, before: str = "") -> None:
    """Give all commands of an app their class and their short help."""
    for info in app.registered_commands:
        assert info.callback
        name = f"{before} {info.name or info.callback.__name__.replace('_', '-')}".strip()
        info.cls = Command
        info.short_help = SHORT.get(name)
    for group in app.registered_groups:
        group.cls, group.short_help = Group, SHORT.get(str(group.name))
        if group.typer_instance:
            dress(group.typer_instance, str(group.name))


def _may_be_named(param: Any) -> bool:
    """Whether `kg.toml` names the default of an option.

    Not of one that has none, where that means something of its own, nor of `kg export --format`, which is of files.
    """
    choices = {str(choice) for choice in getattr(param.type, "choices", ())}
    return param.name in CHOICES and param.default is not None and choices.issuperset(CHOICES[param.name])


def _say_where(words: Mapping[str, Any]) -> None:
    """Which files of defaults are in force, and which graph is asked; what is wrong with them the command says."""
    try:
        for file in in_force():
            if file.values:
                detail(f"defaults: {file.path}: {', '.join(f'{key} = {value}' for key, value in file.told())}")
        if "store" in words:
            from kg.graph.opening import where

            detail(f"graph: {where(words['store'])}")
    except KgError:
        return


def _memory() -> str:
    try:
        import resource
    except ImportError:  # Windows has none.
        return ""
    import sys

    scale = 1 if sys.platform == "darwin" else 1024
    return f", {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / _MILLION:.0f} MB"

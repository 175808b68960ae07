"""What may follow on a command line: commands, options, their values, and what the index of the graph has.

The scripts in `data/completion` ask it. The answer is data: how it is to be used, then a value on each line,
with a tab and what it means. Names come from documents, and no script runs what it gets. Where there is no graph, or
the words are no command, nothing follows, and nothing is said.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from typer.main import get_command

from kg.cli.output import safe, write
from kg.cli.values import VALUES, Follows, How
from kg.errors import KgError

if TYPE_CHECKING:
    import typer

_NOTHING = Follows(())


class Line(NamedTuple):
    """The words of `kg` before the one that is being typed, and that one."""

    before: list[str]
    typed: str


def answer(shell: str, words: list[str], alone: Callable[[str], typer.Typer | None], every: typer.Typer) -> None:
    """Print what may follow; `words` are those that a shell passed on."""
    line = _of_bash() if shell == "bash" else Line(words[:-1], words[-1] if words else "")
    try:
        name = line.before[0] if line.before else ""
        app = alone(name)
        found = follows(
            app or every, line._replace(before=line.before[1:] if app else line.before), name if app else ""
        )
    except KgError:  # No graph, or one that cannot be asked, or a file of defaults that is wrong.
        found = _NOTHING
    values = [(value, meaning) for value, meaning in found.values if value.isprintable()]
    lines = [f"{found.how.value}\t{line.typed}"]
    lines += [
        f"{value}\t{safe(' '.join(meaning.split()))[:80]}".rstrip("\t") for value, meaning in dict(values).items()
    ]
    write("\n".join(lines) + "\n")


def _of_bash() -> Line:
    """The words up to the cursor: bash cuts them at colons and equals signs, which are part of codes and options."""
    point = os.environ.get("COMP_POINT", "")
    text = os.environ.get("COMP_LINE", "")
    typed = text.encode()[: int(point)].decode(errors="ignore") if point.isdecimal() else text
    words = _split(typed)[1:]
    if not words or (typed[-1:].isspace() and not typed.endswith("\\ ") and not _is_open(typed)):
        return Line(words, "")
    return Line(words[:-1], words[-1])


def _split(text: str) -> list[str]:
    """Words as a shell reads them; a quote that is still open ends with the text."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:
        words.append(lexer.token)
    return words


def _is_open(text: str) -> bool:
    try:
        shlex.split(text)
    except ValueError:
        return True
    return False


def follows(app: typer.Typer, line: Line, name: str) -> Follows:
    """What may follow in a command, or in the group of all."""
    command: Any = get_command(app)
    context = _context(command, line.before)
    if context is None:
        return _NOTHING
    parameter, typed, before = _parameter(context, line)
    if parameter is None:
        items = context.command.shell_complete(context, line.typed)
        return Follows(tuple((item.value, item.help or "") for item in items))
    path = " ".join(filter(None, (name, *_names(context))))
    complete = VALUES.get((path, parameter.name)) or VALUES.get(("", parameter.name))
    if complete is not None:
        found = complete(typed, context.params)
    else:
        if parameter.type.name == "path":
            return Follows((), How.FILES)
        items = parameter.shell_complete(context, typed)
        found = Follows(tuple((item.value, item.help or "") for item in items))
    return found._replace(values=tuple((f"{before}{value}", meaning) for value, meaning in found.values))


def _context(command: Any, words: list[str]) -> Any:
    """The context of the innermost command that the words reach, in which nothing is run; None where they name none."""
    context = command.make_context("kg", list(words), resilient_parsing=True)
    while rest := [*context._protected_args, *context.args]:
        inner = getattr(context.command, "commands", {}).get(rest[0])
        if inner is None:
            return None if hasattr(context.command, "commands") else context
        context = inner.make_context(rest[0], rest[1:], parent=context, resilient_parsing=True)
    return context


def _names(context: Any) -> Iterator[str]:
    """The names of the command and of the groups around it, but for the outermost."""
    if context.parent is not None:
        yield from _names(context.parent)
        yield context.info_name


def _parameter(context: Any, line: Line) -> tuple[Any, str, str]:
    """The option or argument whose value is being typed, what is typed of it, and what stands before that in the word.

    None where an option, or the name of a command, is being typed.
    """
    params = context.command.get_params(context)
    options = {name: param for param in params if param.param_type_name == "option" for name in param.opts}
    if "--" not in line.before:
        name, equals, value = line.typed.partition("=")
        if equals and name in options:
            return options[name], value, f"{name}="
        if line.typed.startswith("-"):
            return None, line.typed, ""
        for back, word in enumerate(reversed(line.before), 1):
            option = options.get(word)
            if option is not None and not option.is_flag and back <= option.nargs:
                return option, line.typed, ""
    for param in params:
        if param.param_type_name == "argument" and (param.nargs == -1 or not _is_given(context, param)):
            return param, line.typed, ""
    return None, line.typed, ""


def _is_given(context: Any, param: Any) -> bool:
    source = context.get_parameter_source(param.name)
    return source is not None and source.name == "COMMANDLINE"

"""ES modules → one script that a page may hold inline, where no module can be asked for by its address.

Of modules only this much is read, and what goes beyond it is refused: imports as `import { a, b } from "./c.js";`,
exports as `export` before a `function` or a `const` with one name, each at the beginning of a line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import ResourceError

# Taken off line by line, so that no text of a module may go over several lines.
_COMMENT_OR_INDENT = re.compile(r"^[ \t]*(?://.*\n|/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*\n)?|^\n", re.MULTILINE)
_IMPORT = re.compile(r'^import \{(\s*\w+(?:,\s+\w+)*,?\s*)\} from "(\.{1,2}/[\w./-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function) (\w+))", re.MULTILINE)
_NOT_READ = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class BundlingError(ResourceError):
    """Modules that do not make one script; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module: what it imports by the names of other modules, what it exports, and its text without either."""

    name: str
    imports: Mapping[str, tuple[str, ...]]
    exports: tuple[str, ...]
    body: str


def bundle(sources: Mapping[str, str], entry: str) -> str:
    """One script that does what the module `entry` does, with all that it imports.

    Each module is a function, so that what it does not export is its own; it runs after those that it imports.
    """
    modules = {name: read(name, text) for name, text in sources.items()}
    order = _in_order(modules, entry)
    if unused := sorted(modules.keys() - set(order)):
        raise BundlingError(f"no module imports {', '.join(unused)}")
    _check_names(modules)
    parts = "".join(_wrapped(modules[name]) for name in order)
    return f'(() => {{\n"use strict";\nconst $modules = {{}};\n{parts}}})();\n'


def read(name: str, text: str) -> Module:
    """A module, out of its text."""
    body = _COMMENT_OR_INDENT.sub("", text)
    imports: dict[str, tuple[str, ...]] = {}
    for names, address in _IMPORT.findall(body):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
        if target in imports:
            raise BundlingError(f"{name} imports {target} twice")
        imports[target] = tuple(re.findall(r"\w+", names))
    exports = tuple(_EXPORT.findall(body))
    if twice := sorted({export for export in exports if exports.count(export) > 1}):
        raise BundlingError(f"{name} exports {', '.join(twice)} twice")
    body = _EXPORT.sub("", _IMPORT.sub("", body))
    if strange := _NOT_READ.search(body):
        raise BundlingError(f"{name} has a line that is not read: {strange[0]}")
    return Module(name, imports, exports, body)


def _in_order(modules: Mapping[str, Module], entry: str) -> list[str]:
    """The modules that `entry` needs, each after all that it imports itself."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            circle = " → ".join([*above[above.index(name) :], name])
            raise BundlingError(f"modules import each other in a circle: {circle}")
        if name not in modules:
            raise BundlingError(f"{above[-1] if above else 'the page'} imports {name}, which does not exist")
        if name in order:
            return
        for target in modules[name].imports:
            visit(target, (*above, name))
        order.append(name)

    visit(entry, ())
    return order


def _check_names(modules: Mapping[str, Module]) -> None:
    for module in modules.values():
        for target, names in module.imports.items():
            if missing := sorted(set(names) - set(modules[target].exports)):
                raise BundlingError(f"{module.name} imports {', '.join(missing)}, which {target} does not export")


def _wrapped(module: Module) -> str:
    imports = "".join(
        f'const {{{",".join(names)}}} = $modules["{target}"];\n' for target, names in module.imports.items()
    )
    exports = f"return {{{','.join(module.exports)}}};\n" if module.exports else ""
    return f'$modules["{module.name}"] = (() => {{\n{imports}{module.body}{exports}}})();\n'

from __future__ import annotations

import re

import pytest

from kg.drawing.bundling import BundlingError, bundle, read

BOTTOM = """\
// What is known.
export const ten = 10;
const secret = 1;
export function more(number) {
  // Why one.
  return number + secret;
}
"""
TOP = """\
import { more, ten } from "./bottom.js";

console.log(more(ten));
"""


def test_each_module_is_a_function_that_runs_after_what_it_imports() -> None:
    assert bundle({"top": TOP, "bottom": BOTTOM}, "top") == (
        "(() => {\n"
        '"use strict";\n'
        "const $modules = {};\n"
        '$modules["bottom"] = (() => {\n'
        "const ten = 10;\n"
        "const secret = 1;\n"
        "function more(number) {\n"
        "return number + secret;\n"
        "}\n"
        "return {ten,more};\n"
        "})();\n"
        '$modules["top"] = (() => {\n'
        'const {more,ten} = $modules["bottom"];\n'
        "console.log(more(ten));\n"
        "})();\n"
        "})();\n"
    )


def test_the_order_of_the_files_changes_nothing() -> None:
    assert bundle({"top": TOP, "bottom": BOTTOM}, "top") == bundle({"bottom": BOTTOM, "top": TOP}, "top")


def test_a_module_that_many_import_runs_once() -> None:
    side = 'import { ten } from "./bottom.js";\nexport const twenty = 2 * ten;\n'
    top = 'import { twenty } from "./side.js";\nimport { ten } from "./bottom.js";\nconsole.log(ten, twenty);\n'
    script = bundle({"top": top, "side": side, "bottom": BOTTOM}, "top")
    assert re.findall(r'^\$modules\["(\w+)"\]', script, re.MULTILINE) == ["bottom", "side", "top"]


@pytest.mark.parametrize(
    ("importer", "address", "target"),
    [("top", "./a/one.js", "a/one"), ("a/two", "./one.js", "a/one"), ("b/two", "../a/one.js", "a/one")],
)
def test_an_address_is_read_from_where_it_stands(importer: str, address: str, target: str) -> None:
    assert read(importer, f'import {{ one }} from "{address}";\n').imports == {target: ("one",)}


def test_imports_may_take_several_lines() -> None:
    text = 'import {\n  one,\n  two,\n} from "./numbers.js";\n'
    assert read("top", text).imports == {"numbers": ("one", "two")}


def test_comments_and_indents_are_taken_off_and_texts_are_left() -> None:
    text = '/**\n * @param {string} text\n */\nexport async function say(text) {\n\n  return "// " + text; // so\n}\n'
    module = read("top", text)
    assert module.body == 'async function say(text) {\nreturn "// " + text; // so\n}\n'
    assert module.exports == ("say",)


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (
            {"top": 'import { a } from "./one.js";\n', "one": 'import { b } from "./top.js";\nexport const a = b;\n'},
            "modules import each other in a circle: top → one → top",
        ),
        ({"top": 'import { a } from "./top.js";\n'}, "modules import each other in a circle: top → top"),
        (
            {"top": 'import { secret, ten } from "./bottom.js";\n', "bottom": BOTTOM},
            "top imports secret, which bottom does not export",
        ),
        ({"top": 'import { a } from "./nowhere.js";\n'}, "top imports nowhere, which does not exist"),
        ({"bottom": BOTTOM}, "the page imports top, which does not exist"),
        ({"top": "export const a = 1;\nexport function a() {}\n"}, "top exports a twice"),
        (
            {"top": 'import { ten } from "./bottom.js";\nimport { more } from "./bottom.js";\n', "bottom": BOTTOM},
            "top imports bottom twice",
        ),
        ({"top": "let a = 1;\n", "bottom": BOTTOM}, "no module imports bottom"),
    ],
)
def test_modules_that_make_no_script_are_refused(sources: dict[str, str], told: str) -> None:
    with pytest.raises(BundlingError, match=f"^{re.escape(told)}$"):
        bundle(sources, "top")


@pytest.mark.parametrize(
    "line",
    [
        'import "./bottom.js";',
        'import bottom from "./bottom.js";',
        'import * as bottom from "./bottom.js";',
        'import { ten as number } from "./bottom.js";',
        "import { ten } from './bottom.js';",
        'import { ten } from "somewhere";',
        "export let a = 1;",
        "export default 1;",
        "export const { a, b } = c;",
        "export { a };",
        'export { ten } from "./bottom.js";',
    ],
)
def test_what_is_not_read_is_refused(line: str) -> None:
    with pytest.raises(BundlingError, match=r"^top has a line that is not read: "):
        read("top", f"{line}\n")

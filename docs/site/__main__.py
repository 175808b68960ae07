"""Make the site in a folder: `python -m docs.site FOLDER`; a warning or a link that leads nowhere is an error."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.cmd.build import build_main

from docs.site.links import broken

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """The exit code: 0 where the site is whole, 1 where it is not, 2 for wrong arguments."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    site = Path(arguments[0]).resolve()
    kept = site.with_name(f"{site.name}.pages")
    options = ["-q", "-W", "--keep-going", "-c", str(HERE), "-d", str(kept)]
    if code := build_main([*options, str(HERE.parents[1]), str(site)]):
        return code
    problems = list(broken(site))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(list(site.rglob('*.html')))} pages in {site}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Makes a sample of faults in each layer, and tells which of them no test notices."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from .faults import Fault
from .layers import LAYERS, Layer
from .sampling import made_by_hand, sample
from .trying import Copy


def main() -> None:
    """Try the sample of each layer."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutations", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="faults of each layer")
    parser.add_argument("--layer", choices=LAYERS, action="append", help="instead of all of them")
    parser.add_argument("--only", default="", help="faults in whose place or line this text stands")
    parser.add_argument("--by-hand", action="store_true", help="those that were thought of, instead of a sample")
    parser.add_argument("--list", action="store_true", help="tell the faults, and try none")
    told = parser.parse_args()
    for name in told.layer or LAYERS:
        layer = LAYERS[name]
        faults = made_by_hand(layer) if told.by_hand else sample(layer, told.seed, told.count, told.only)
        if told.list:
            print(*map(_words, faults), sep="\n")
        else:
            _try(name, layer, faults)


def _try(name: str, layer: Layer, faults: list[Fault]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder), layer)
        began = time.perf_counter()
        noticed = sum(_is_noticed(copy, fault) for fault in faults)
    each = (time.perf_counter() - began) / max(len(faults), 1)
    print(f"{name}: {noticed} of {len(faults)} faults noticed, {each:.1f} s each", flush=True)


def _is_noticed(copy: Copy, fault: Fault) -> bool:
    began = time.perf_counter()
    test = copy.noticed_by(fault)
    said = f"{'noticed' if test else 'MISSED '} {time.perf_counter() - began:5.1f} s  {_words(fault)}"
    print(f"{said}    by: {test}" if test else said, flush=True)
    return bool(test)


def _words(fault: Fault) -> str:
    return f"{fault.file}:{fault.line}: {fault.change}    in: {fault.of_line}"


if __name__ == "__main__":
    main()

"""Articles on an engine are compared as those in a folder are."""

from __future__ import annotations

from pathlib import Path

from kg.billing_graph import BillingGraph
from kg.graph.days import Days
from kg.graph.engines.address import address_of
from kg.graph.engines.push import push
from kg.graph.opening import open_store
from kg.graph.store import GraphStore

from .. import compared
from .double import Double


def test_an_engine_compares_as_a_folder_does(double: Double, tmp_path: Path) -> None:
    with GraphStore.open(compared.build(tmp_path)) as store:
        address = address_of(double.address)
        assert address is not None
        push(store, address, lambda *_: None)
        with open_store(double.address) as remote:
            here, there = (BillingGraph(Days(one)) for one in (store, remote))
            for sides in (("guide", "A57001"), ("First Coast", "NGS"), ("A57004-1", "A57004-2")):
                assert there.compare(*sides).to_json() == here.compare(*sides).to_json()

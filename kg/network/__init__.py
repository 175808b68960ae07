"""The graph as a network: export to networkx and its files, and the search for paths between concepts.

Nothing here knows RDF: what goes in is a list of `kg.model.Connection`. networkx itself is imported only
when a network is made, since that takes longer than most commands.
"""

from kg.network.export import to_networkx, with_labels
from kg.network.paths import PathFinder, find_paths
from kg.network.writers import write_graphml, write_node_link

__all__ = ["PathFinder", "find_paths", "to_networkx", "with_labels", "write_graphml", "write_node_link"]

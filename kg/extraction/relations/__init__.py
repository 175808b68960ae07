"""Relations: what words and codes make of the codes and names beside them."""

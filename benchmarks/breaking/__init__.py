"""A campaign that tries to break what is there: processes killed, bits flipped, documents mutated, disks full."""

"""Publishers: where their current releases are, and how they are fetched."""

"""What has rows, for the tools that take rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.frames.frame import Frame

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


class Tabular:
    """Gives its rows to pandas, polars and Arrow."""

    __slots__ = ()

    def _frame(self) -> Frame:
        raise NotImplementedError

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame; raises `MissingExtra` where pandas is not installed."""
        return self._frame().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars DataFrame; raises `MissingExtra` where polars is not installed."""
        return self._frame().to_polars()

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table; raises `MissingExtra` where pyarrow is not installed."""
        return self._frame().to_arrow()

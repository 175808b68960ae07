"""Pages that show a graph: one self-contained HTML file that opens without a network.

pyvis is imported only when a page is written, and it is an extra: `pip install 'billing-kg[viz]'`.
"""

from kg.drawing.drawing import Drawing, draw
from kg.drawing.lesson import Lesson
from kg.drawing.lesson_file import read_lesson
from kg.drawing.payload import Background
from kg.drawing.saved import read_layout

__all__ = ["Background", "Drawing", "Lesson", "draw", "read_layout", "read_lesson"]

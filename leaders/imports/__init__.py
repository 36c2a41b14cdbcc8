"""リーダー名簿: read, compared with the terms that are known, written."""

from leaders.imports.reading import read_leaders
from leaders.imports.writing import import_leaders

__all__ = ["import_leaders", "read_leaders"]

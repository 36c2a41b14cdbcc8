"""Marking."""

import re
from typing import Any

from training.services.marking import Mark


class MarksForm:
    """The attendance grid as it was posted: for each row the state seen and the state chosen.

    Nothing is sorted out here: what does not belong to the offering, the service refuses in words.
    """

    def __init__(self, data: Any) -> None:  # noqa: ANN401 - a QueryDict
        self.marks = [
            Mark(int(row[1]), data.get(f"seen-{row[1]}", ""), data[name])
            for name in data
            if (row := re.fullmatch(r"status-([0-9]{1,18})", name))
        ]

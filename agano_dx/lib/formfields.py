"""Form fields that read what people here type."""

from datetime import date, time
from typing import Any, Final

from django import forms

from agano_dx.lib.fiscal import era_date_short
from agano_dx.lib.japanese import read_date, read_time

EXAMPLE = "例：令和8年4月1日は R8.4.1 または 2026-04-01 と入力します。"

_CONFIRM: Final = "欄には読んだ日を入れました。合っているときは、このままもう一度送ってください。"
_LONGEST: Final = 40


def with_plain_lines(text: str) -> str:
    """The text with one kind of line break, LF.

    Browsers send CRLF; other ways in write LF, and the two must compare as equal.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


class DayField(forms.Field):
    """A day, typed in any of the ways of the sheets; cleans to `date` or `None`."""

    shows_as_read = False  # what was typed stays as it was typed

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", EXAMPLE)
        attrs = {"autocomplete": "off", "size": "16", "maxlength": str(_LONGEST)}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """Show a day as R8.4.1; a doubtful one as it was read, so that it can be confirmed."""
        if isinstance(value, str):
            reading = read_date(value[:_LONGEST])
            if reading.value and (reading.warning or self.shows_as_read):
                value = reading.value
        return era_date_short(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """The day meant; doubts about era names count as errors here, a person sits before it."""
        if isinstance(value, date):
            return value
        reading = read_date(str(value)[:_LONGEST] if value else None)
        if reading.error:
            raise forms.ValidationError(reading.error)
        if reading.warning:
            raise forms.ValidationError(f"{reading.warning}{_CONFIRM}")
        return reading.value


class AskedDayField(DayField):
    """基準日 of a page: the box shows the day as all pages write it, however it was asked for."""

    shows_as_read = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": "基準日", "required": False, "help_text": "例：R8.3.31", **kwargs}
        )


class TimeOfDayField(forms.Field):
    """A time of day, typed as people write it; cleans to `time` or `None`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "例：13:30")
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"autocomplete": "off", "size": "8", "maxlength": "20"}),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """Show a time as 13:30."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """The time meant."""
        if isinstance(value, time):
            return value
        reading = read_time(str(value)[:20] if value else None)
        if reading.error:
            raise forms.ValidationError(reading.error)
        return reading.value

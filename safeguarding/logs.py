"""What a fault leaves in the log: where it happened and of what kind it was, never the words it was about."""

import logging
import traceback
from types import TracebackType

_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
# What Celery says of a task that failed: the fault, its words and what the task was given.
_OF_TASKS = {"exc", "traceback", "args", "kwargs"}


class WithoutWords(logging.Formatter):
    """Writes a fault without its message: the database's own messages hold whole rows, with the names in them.

    The files, the lines and the kind of each fault that led to it are enough to find it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, whatever another handler wrote of the same fault before, and whatever a library says of it.

        A task that fails is told of by Celery with the fault's own words among its arguments.
        """
        record.exc_text = None
        if isinstance(record.args, dict) and "exc" in record.args:
            record.args = record.args | dict.fromkeys(_OF_TASKS & set(record.args), "(see the path)")
        return super().format(record)

    def formatException(self, ei: _Caught) -> str:  # noqa: N802 - the library's name
        """Return the path of a fault, and of each that it came from."""
        return "\n".join(_lines(ei[1], set()))


def _lines(fault: BaseException | None, seen: set[int]) -> list[str]:
    """Return a fault and those it came from, the first one first."""
    if fault is None or id(fault) in seen:
        return []
    seen.add(id(fault))
    cause = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    frames = traceback.extract_tb(fault.__traceback__)
    path = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    inner = [line for one in getattr(fault, "exceptions", ()) for line in _lines(one, seen)]
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
    return [*_lines(cause, seen), *inner, "Traceback (most recent call last):", *path, kind]

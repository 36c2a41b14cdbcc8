"""Refusals by the rules."""


class DomainError(Exception):
    """A refusal by the rules: its text is for the user, its subclass for the code.

    The text is one polite Japanese sentence that says what is wrong and what to do next.
    """

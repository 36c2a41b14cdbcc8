"""Mail servers that misbehave, for what leaves the building."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail.backends.locmem import EmailBackend


class RefusingSome(EmailBackend):
    """Takes every letter but those to addresses that begin with `refused`."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("refused"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such mailbox")})
        return super().send_messages(messages)


class Unreachable(EmailBackend):
    """Nobody answers."""

    def open(self):
        raise ConnectionRefusedError


class GoneAfterOne(EmailBackend):
    """Takes one letter, breaks off at the second, and is not reached again."""

    taken = 0

    def open(self):
        if type(self).taken > 1:
            raise ConnectionRefusedError

    def send_messages(self, messages):
        type(self).taken += 1
        if type(self).taken > 1:
            raise SMTPServerDisconnected
        return super().send_messages(messages)


class PowerCut(BaseException):
    """The machine stops."""


class Stopping(EmailBackend):
    """The machine stops while the letter is on its way."""

    def send_messages(self, messages):
        raise PowerCut

"""The one failure of everything in this folder: a file that is not accepted, with the reason for people."""


class NotAccepted(ValueError):
    """A file that is not kept; the texts say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en

"""The one failure an operation may raise on purpose."""


class Refused(Exception):
    """An anticipated no: a machine code, and a sentence that is fit to show to the person who asked."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence

"""What a tool says when it cannot do what it was asked."""


class ToolError(Exception):
    """A failure in words that the model may tell the caller.

    `words` are written by us, never a vendor's text: they reach a stranger's ear.
    `detail` is for staff, on the call's page and in the test's answer; neither may hold
    a secret. `may_retry` says that the same request can be sent again.
    """

    def __init__(self, words: str, *, detail: str = "", may_retry: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.detail = detail
        self.may_retry = may_retry

"""Errors as AWS services answer them."""

# Codes that any operation may answer though its model does not list them.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html
# and ValidationException, which services send where a request breaks the model.
COMMON_ERRORS = {
    "AccessDenied": 403,
    "AccessDeniedException": 400,
    "ExpiredTokenException": 400,
    "InternalFailure": 500,
    "InvalidClientTokenId": 403,
    "ServiceUnavailable": 503,
    "ThrottlingException": 400,
    "UnrecognizedClientException": 400,
    "ValidationException": 400,
}


class ApiError(Exception):
    """One error answer: its code, its message and its HTTP status."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status if status is not None else COMMON_ERRORS.get(code, 400)


class StandinBroken(Exception):
    """The stand-in was about to answer something that its models forbid."""

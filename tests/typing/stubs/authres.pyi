# authres: only what the tests call.
class AuthenticationResultProperty:
    type: str
    name: str
    value: str

class AuthenticationResult:
    method: str
    result: str
    properties: list[AuthenticationResultProperty]

class AuthenticationResultsHeader:
    authserv_id: str
    results: list[AuthenticationResult]
    @staticmethod
    def parse(header: str) -> AuthenticationResultsHeader: ...

# authres: only what the tests call.
class AuthenticationResult:
    method: str
    result: str

class AuthenticationResultsHeader:
    authserv_id: str
    results: list[AuthenticationResult]
    @staticmethod
    def parse(header: str) -> AuthenticationResultsHeader: ...

from typing import Any

from botocore.config import Config
from botocore.session import Session as CoreSession

class Session:
    def __init__(self, *, botocore_session: CoreSession) -> None: ...
    def client(self, service_name: str, *, endpoint_url: str | None, config: Config) -> Any: ...

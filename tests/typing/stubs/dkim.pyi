# dkimpy: only what the tests call.
from collections.abc import Callable, Sequence

class DKIMException(Exception): ...

def sign(
    message: bytes,
    selector: bytes,
    domain: bytes,
    privkey: bytes,
    identity: bytes | None = None,
    canonicalize: tuple[bytes, bytes] = ...,
    signature_algorithm: bytes = ...,
    include_headers: Sequence[bytes] | None = None,
    length: bool = False,
) -> bytes: ...
def verify(
    message: bytes,
    logger: object = None,
    dnsfunc: Callable[..., bytes | None] = ...,
    minkey: int = 1024,
    timeout: int = 5,
) -> bool: ...
def arc_sign(
    message: bytes,
    selector: bytes,
    domain: bytes,
    privkey: bytes,
    srv_id: bytes,
    signature_algorithm: bytes = ...,
    include_headers: Sequence[bytes] | None = None,
    timestamp: int | None = None,
) -> list[bytes]: ...
def arc_verify(
    message: bytes,
    logger: object = None,
    dnsfunc: Callable[..., bytes | None] = ...,
    minkey: int = 1024,
    timeout: int = 5,
) -> tuple[bytes, list[dict[str, object]], str]: ...

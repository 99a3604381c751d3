"""A simulation of S3 for tests: moto's server, which speaks S3's own HTTP on a loopback port. It is not Amazon's service."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

from moto.server import ThreadedMotoServer

from cases.file_place import FilePlace

KEY, SECRET = "panhuo-test", "not-a-secret"


@contextmanager
def simulated_s3() -> Iterator[str]:
    """Run the server and give its address; it ends with the block."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # It tells every request otherwise.
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(endpoint: str, cache: Path, cache_mb: int = 64) -> FilePlace:
    """Make a bucket of its own and return the place in it."""
    name = f"panhuo-{uuid4().hex[:12]}"
    connection = HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
    connection.request("PUT", f"/{name}")
    assert connection.getresponse().status == 200
    connection.close()
    return FilePlace(f"s3://{name}/files", cache, endpoint, "us-east-1", KEY, SECRET, cache_mb)

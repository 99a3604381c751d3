"""The file store in an S3-compatible service: one object per file, named by its SHA-256, never overwritten with other bytes.

What has been read lies in a cache of this machine, bounded in size, and is hashed whenever it is read, as the service's own
answer is. If the service cannot be reached, `StoreDown` says so in Chinese; nothing waits longer than about fifteen seconds.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from cases.file_cache import FileCache
from cases.files import Damaged, Files, StoreDown, check_name, is_name

WHOLE = 16 << 20  # Larger files go up in parts, smaller ones on the condition that nothing is there yet.
PATIENCE = timedelta(seconds=15)
TOO_OLD = "501 Not Implemented"  # what a service answers that knows no condition


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the objects lie: `endpoint` as `https://host`, empty for Amazon's own."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}" + (f"，{self.endpoint}" if self.endpoint else "")


class ObjectFiles(Files):
    """A store in a bucket."""

    def __init__(self, bucket: Bucket, cache: FileCache) -> None:
        self.bucket = bucket
        self._cache = cache

    def __repr__(self) -> str:
        return f"ObjectFiles({str(self.bucket)!r})"

    @cached_property
    def _objects(self) -> S3Store:
        bucket = self.bucket
        return S3Store(
            bucket.name,
            config={"endpoint": bucket.endpoint} if bucket.endpoint else None,
            prefix=bucket.prefix or None,
            region=bucket.region,
            access_key_id=bucket.key,
            secret_access_key=bucket.secret,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=3),
                "read_timeout": PATIENCE,
                "timeout": timedelta(minutes=10),
            },
            retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
        )

    def store(self, data: bytes) -> str:
        """Keep bytes."""
        digest = sha256(data).hexdigest()
        self._put(digest, data, len(data))
        return digest

    def store_file(self, path: Path) -> str:
        """Keep the bytes of a file; a large one goes up in parts."""
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
        if size <= WHOLE:
            self._put(digest, path.read_bytes(), size)
        elif self._size(digest) != size:
            with self._asking():
                obstore.put(self._objects, _key(digest), path)
        return digest

    def _put(self, digest: str, data: bytes, size: int) -> None:
        if self._size(digest) == size:
            return
        with self._asking():
            try:
                obstore.put(self._objects, _key(digest), data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                if self._size(digest) != size:  # cut off, by whatever it was
                    obstore.put(self._objects, _key(digest), data, use_multipart=False)
            except BaseError as error:
                if TOO_OLD not in str(error):
                    raise
                obstore.put(self._objects, _key(digest), data, use_multipart=False)

    def local(self, digest: str) -> Path:
        """Return where the checked bytes lie in the cache."""
        return self._cache.get(check_name(digest)) or self._cache.fill(digest, self._stream(digest))

    def has(self, digest: str) -> bool:
        """Say whether there is an object of this name."""
        return self._size(digest) is not None

    def check(self, digest: str) -> None:
        """Read an object through, past the cache."""
        found = sha256()
        for chunk in self._stream(check_name(digest)):
            found.update(chunk)
        if found.hexdigest() != digest:
            raise Damaged(f"stored object {digest} is damaged")

    def names(self) -> Iterator[str]:
        """Yield the name of everything in the bucket below the prefix."""
        with self._asking():
            for page in obstore.list(self._objects, chunk_size=1000):
                for about in page:
                    folder, _, name = about["path"].partition("/")
                    if is_name(name) and folder == name[:2]:
                        yield name

    def drop(self, digest: str) -> None:
        """Take an object away."""
        with self._asking():
            obstore.delete(self._objects, _key(check_name(digest)))

    def within(self, area: str) -> "ObjectFiles":
        """Return a store under a longer prefix."""
        bucket = self.bucket
        prefix = f"{bucket.prefix}/{area}".lstrip("/")
        below = Bucket(bucket.name, prefix, bucket.endpoint, bucket.region, bucket.key, bucket.secret)
        return ObjectFiles(below, self._cache)

    def _size(self, digest: str) -> int | None:
        with self._asking():
            try:
                return int(obstore.head(self._objects, _key(check_name(digest)))["size"])
            except FileNotFoundError as error:
                self._check_bucket(error)
                return None

    def _stream(self, digest: str) -> Iterator[bytes]:
        with self._asking():
            try:
                found = obstore.get(self._objects, _key(digest))
            except FileNotFoundError as error:
                self._check_bucket(error)
                raise FileNotFoundError(f"no stored object {digest}") from error
            for chunk in found.stream(min_chunk_size=1 << 20):
                yield bytes(chunk)

    def _check_bucket(self, error: FileNotFoundError) -> None:
        """Tell a missing bucket from a missing object: of the one everything hangs, of the other a single paper.

        Raises: StoreDown.
        """
        if "NoSuchBucket" in str(error):
            raise StoreDown(f"文件存储中没有存储桶“{self.bucket.name}”，请管理员检查 PANHUO_FILES") from error

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except BaseError as error:
            raise StoreDown(
                f"文件存储服务（{self.bucket}）暂时不能访问：{_reason(error)}。"
                "文件不会丢失，稍后自动重试；如持续出现，请管理员检查存储服务及 PANHUO_FILES 各项设置"
            ) from error


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


_KNOWN: tuple[tuple[str, str], ...] = (
    ("SignatureDoesNotMatch", "密钥不正确"),
    ("InvalidAccessKeyId", "访问密钥编号不正确"),
    ("403 Forbidden", "没有访问权限"),
    ("401 Unauthorized", "没有通过身份验证"),
    ("error sending request", "连接不上"),
    ("timed out", "超时没有应答"),
)


def _reason(error: BaseError) -> str:
    """Return why, in a few words; the library's own text tells what it looked at on many lines."""
    told = str(error)
    known = next((zh for mark, zh in _KNOWN if mark in told), "")
    return known or re.sub(r"\s+", " ", told.partition("Debug source")[0])[:200]

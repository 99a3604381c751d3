"""Where the file store lies, read from the settings: a folder, or `s3://bucket/prefix`."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cases.file_cache import FileCache
from cases.files import Files, FolderFiles

SCHEME = "s3://"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """What the settings say of the file store. `cache` holds what was read from a bucket, `cache_mb` at most."""

    address: str
    cache: Path
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    cache_mb: int = 1024

    @property
    def is_bucket(self) -> bool:
        """Whether the files lie in an S3-compatible store."""
        return self.address.startswith(SCHEME)

    def at(self, address: str) -> "FilePlace":
        """Return another place with the same keys.

        Raises: ValueError.
        """
        return check_place(
            FilePlace(
                address, self.cache, self.endpoint, self.region, self.key, self.secret, self.cache_mb
            )
        )  # fmt: skip


def check_place(place: FilePlace) -> FilePlace:
    """Return a place that can be opened.

    Raises: ValueError naming the variable that is wrong.
    """
    if not place.is_bucket:
        if "://" in place.address:
            raise ValueError(f"PANHUO_FILES 应为目录或 s3://存储桶/前缀，不能是 {place.address!r}")
        if not Path(place.address).is_absolute():
            raise ValueError(f"PANHUO_FILES 应为绝对路径，不能是 {place.address!r}")
        return place
    if not urlsplit(place.address).netloc:
        raise ValueError(f"PANHUO_FILES 没有写明存储桶：{place.address!r}，应为 s3://存储桶/前缀")
    if place.endpoint and urlsplit(place.endpoint).scheme not in ("http", "https"):
        raise ValueError(f"PANHUO_FILES_ENDPOINT 应以 https:// 或 http:// 开头，不能是 {place.endpoint!r}")
    lacking = {"PANHUO_FILES_KEY": place.key, "PANHUO_FILES_SECRET": place.secret}
    if names := [name for name, value in lacking.items() if not value]:
        raise ValueError(f"PANHUO_FILES 是存储桶，还须设置 {'、'.join(names)}")
    return place


@lru_cache(maxsize=32)
def open_files(place: FilePlace) -> Files:
    """Return the store of a place; nothing is contacted before the first file is asked for."""
    if not place.is_bucket:
        return FolderFiles(Path(place.address))
    from cases.object_files import Bucket, ObjectFiles  # noqa: PLC0415  the library is needed for buckets alone

    parts = urlsplit(place.address)
    bucket = Bucket(
        parts.netloc,
        parts.path.strip("/"),
        place.endpoint,
        place.region or "us-east-1",
        place.key,
        place.secret,
    )
    return ObjectFiles(bucket, FileCache(place.cache, place.cache_mb << 20))

"""The certificate that signs, the time-stamp authority, and the certificates that are trusted."""

from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from asn1crypto import pem, tsp, x509  # type: ignore[import-untyped]  # comes with pyHanko, has no annotations
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import TimeStamper

TIMEOUT = 20
LARGEST_ANSWER = 1 << 20


class CertificateProblem(ValueError):
    """A certificate, its password or the time-stamp authority cannot be used; Chinese, with an English twin."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en


def load_certificate(path: Path, password: str) -> SimpleSigner:
    """Return the signer of a PKCS#12 file.

    Raises: CertificateProblem.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CertificateProblem(
            f"无法读取签名证书文件{path}：{error.strerror}，请检查PANHUO_SIGN_CERTIFICATE和文件权限",
            f"cannot read the certificate {path}: {error.strerror}",
        ) from error
    try:
        found = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password.encode() or None)
    except (ValueError, TypeError) as error:
        found, reason = None, str(error)
    else:
        reason = ""
    if found is None or found.signing_cert is None:
        raise CertificateProblem(
            "签名证书无法打开：密码（PANHUO_SIGN_PASSWORD）不正确，或者文件不是PKCS#12格式（.p12、.pfx）",
            f"the certificate cannot be opened: wrong password, or no PKCS#12 file {reason}".rstrip(),
        )
    signer: SimpleSigner = found
    return signer


def load_trusted(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the trusted certificates of a PEM file, or of all in a folder.

    Raises: CertificateProblem.
    """
    files: Sequence[Path] = sorted(path.glob("*.pem")) if path.is_dir() else [path]
    try:
        return tuple(
            x509.Certificate.load(der)
            for file in files
            for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)
        )
    except (OSError, ValueError) as error:
        raise CertificateProblem(
            f"无法读取受信任的根证书{path}，请检查PANHUO_SIGN_TRUST（PEM文件或目录）",
            f"cannot read {path}: {error}",
        ) from error


class TimeAuthority(TimeStamper):
    """A time-stamp authority by its address (RFC 3161), asked only when the administrator has configured one."""

    def __init__(self, address: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko
        if not address.startswith(("http://", "https://")):
            raise CertificateProblem(
                "时间戳服务地址（PANHUO_SIGN_TSA）须以http://或https://开头", "not an address"
            )
        self._address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask for one time stamp.

        Raises: CertificateProblem.
        """
        headers = {"Content-Type": "application/timestamp-query"}
        asked = Request(self._address, req.dump(), headers)  # noqa: S310  the address was checked above
        try:
            with urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
                return tsp.TimeStampResp.load(answer.read(LARGEST_ANSWER))
        except (URLError, OSError, ValueError) as error:
            raise CertificateProblem(
                "时间戳服务没有应答，签名未完成。请稍后重试，或由管理员取消PANHUO_SIGN_TSA后以无时间戳方式签名",
                f"the time-stamp authority did not answer: {error}",
            ) from error

"""A certificate authority for tests, and people and institutions it has certified. Nothing of it is real."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "测试口令"
START = datetime(2020, 1, 1, tzinfo=UTC)


def _key(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    name: str,
    key: int,
    issuer: str,
    by: int,
    *,
    is_root: bool = False,
    stamps: bool = False,
    days: int = 36500,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_root, content_commitment=not is_root, key_cert_sign=is_root, crl_sign=is_root,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(_key(key).public_key())
        .serial_number(key)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return made.sign(_key(by), hashes.SHA256())


ROOT = _certificate("测试根证书", 1, "测试根证书", 1, is_root=True)
STRANGE_ROOT = _certificate("无关根证书", 2, "无关根证书", 2, is_root=True)


def p12(name: str, number: int, *, password: str = PASSWORD, days: int = 36500) -> bytes:
    """Return a certificate of somebody with its key, as a PKCS#12 file."""
    lock = BestAvailableEncryption(password.encode())
    certificate = _certificate(name, number, "测试根证书", 1, days=days)
    return pkcs12.serialize_key_and_certificates(name.encode(), _key(number), certificate, [ROOT], lock)


def pem(certificate: x509.Certificate = ROOT) -> bytes:
    """Return a certificate as PEM text."""
    return certificate.public_bytes(Encoding.PEM)


def time_stamps() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """Return key and certificate of a time-stamp authority."""
    key = rsa.generate_private_key(65537, 2048)
    made = (
        x509.CertificateBuilder()
        .subject_name(_name("测试时间戳"))
        .issuer_name(_name("测试根证书"))
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(36500))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return key, made.sign(_key(1), hashes.SHA256())

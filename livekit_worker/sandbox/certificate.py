"""The sandbox's own certificate: google-genai speaks to nothing but TLS."""

import ssl
from pathlib import Path

import trustme

CA_FILE = "ca.pem"
KEY_FILE = "ca-key.pem"


def make_tls(state_dir: Path, *, host: str) -> ssl.SSLContext:
    """A context for the server; whoever connects trusts `ca.pem` in `state_dir`.

    The authority outlives restarts: workers load it once, before they fork.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    names = dict.fromkeys((host, "127.0.0.1", "localhost"))
    _authority(state_dir).issue_cert(*names).configure_cert(context)
    return context


def _authority(state_dir: Path) -> trustme.CA:
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    state_dir.chmod(0o700)
    certificate, key = state_dir / CA_FILE, state_dir / KEY_FILE
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA()
    _write_whole(key, authority.private_key_pem.bytes())
    _write_whole(certificate, authority.cert_pem.bytes())
    return authority


def _write_whole(path: Path, content: bytes) -> None:
    """Write for the owner only, at once, so that no reader sees half of it."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(path)

"""Who made a model: an Ed25519 signature over its manifest, which pins every byte of its other files.

The signature lies in the bundle as ``manifest.sig``: it changes no sha256, and who does not ask for it is not
bothered. Ed25519 (RFC 8032) is ``cryptography``'s; keys are PEM files as OpenSSL reads and writes them.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import Any

from civictag.errors import MissingExtra, ModelError
from civictag.i18n import _
from civictag.model.bundle_files import MANIFEST, BundleFiles
from civictag.util.atomic_file import deliver

SIGNATURE = "manifest.sig"
_DOMAIN = b"civictag model manifest, version 1\n"  # a signature of something else is none of a model
_LARGEST_KEY = 65_536


def new_key(path: str) -> str:
    """Make a private key at ``path``, readable by its owner alone, and its public key beside it.

    A private key without its public one was left by a run that was ended between the two: the public key
    is made of it.

    Returns:
        The path of the public key, which is for those who receive models.

    Raises:
        ModelError: a file is there already.
        CivictagError: it cannot be written.
    """
    keys, formats = _library()
    public = f"{path}.pub"
    left = os.path.isfile(path) and not os.path.lexists(public)
    for place in (public,) if left else (path, public):
        if os.path.lexists(place):
            raise ModelError(
                _("exists"), where=place, hint=_("A key is never overwritten: give another name")
            )
    key = _private(path) if left else keys.Ed25519PrivateKey.generate()
    if not left:
        encoding = formats.Encoding.PEM, formats.PrivateFormat.PKCS8, formats.NoEncryption()
        deliver(key.private_bytes(*encoding), path, mode=0o600)
    shown = key.public_key().public_bytes(formats.Encoding.PEM, formats.PublicFormat.SubjectPublicKeyInfo)
    deliver(shown, public)
    return public


def _private(path: str) -> Any:
    keys, formats = _library()
    return _key(path, lambda data: formats.load_pem_private_key(data, None), keys.Ed25519PrivateKey)


def sign(files: BundleFiles, key_path: str) -> str:
    """Sign a model that was read and checked; the path of the signature.

    Raises:
        ModelError: the file is no private key of the kind.
        CivictagError: the signature cannot be written.
    """
    key = _private(key_path)
    path = files.place(SIGNATURE)
    deliver(base64.b64encode(key.sign(_DOMAIN + files.raw_manifest)) + b"\n", path)
    return path


def check_signature(files: BundleFiles, key_path: str) -> None:
    """Make sure that the model was signed with the private key of this public key.

    Raises:
        ModelError: it is not signed, by another key, or changed since.
    """
    from cryptography.exceptions import InvalidSignature

    keys, formats = _library()
    key = _key(key_path, formats.load_pem_public_key, keys.Ed25519PublicKey)
    path = files.place(SIGNATURE)
    try:
        signature = base64.b64decode(_bytes(path), validate=False)
        key.verify(signature, _DOMAIN + files.raw_manifest)
    except FileNotFoundError:
        raise ModelError(_("is not signed"), where=files.folder) from None
    except (InvalidSignature, binascii.Error, ValueError):
        raise ModelError(
            _("was not signed with this key, or was changed since"),
            where=files.place(MANIFEST),
            hint=_("Ask who gave it to you"),
        ) from None


def _key(path: str, parse: Any, kind: type) -> Any:
    try:
        key = parse(_bytes(path))
    except FileNotFoundError:
        raise ModelError(_("no such file"), where=path) from None
    except Exception:  # the library raises its own, ValueError or TypeError for what is no such key
        key = None
    if not isinstance(key, kind):
        raise ModelError(
            _("is not an Ed25519 key in PEM form"),
            where=path,
            hint=_("Make one with: civictag models new-key FILE"),
        )
    return key


def _bytes(path: str) -> bytes:
    with open(path, "rb", opener=_without_waiting) as file:
        return file.read(_LARGEST_KEY)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a FIFO would wait for a writer


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise MissingExtra(_("signing models"), "sign") from None
    return ed25519, serialization

"""The chunks of a batch done by the workers of a Dask cluster, on any number of machines.

Chunks are sent as names and byte ranges, and rendered parts come back: the inputs lie on a path that
all machines share. The model goes over the network once per worker. Futures
were chosen over joblib's Dask backend and dask.bag by measurement (``docs/scale.md``).
"""

from __future__ import annotations

import contextlib
import os
import pkgutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from civictag.batch import worker as work
from civictag.batch.executors import AHEAD, Executor, in_order
from civictag.errors import CivictagError, MissingExtra
from civictag.i18n import _
from civictag.model import bundle
from civictag.model.bundle_files import MANIFEST
from civictag.version import __version__

_SEEN = os.path.exists
_PATIENCE = 15  # seconds to wait for the scheduler, which may be starting


@contextlib.contextmanager
def cluster(address: str, model: str, sha256: str, paths: Sequence[str]) -> Iterator[Executor[Any, Any]]:
    """The workers at ``address``, each with the model, as an executor.

    Args:
        address: of the scheduler, ``tcp://host:port``.
        model: the model's folder, here.
        sha256: its hash.
        paths: of the inputs; every worker must see them under the same names.

    Raises:
        MissingExtra: Dask is not installed.
        CivictagError: no scheduler answers, it has no workers, or a worker lacks civictag, has another
            version of it, or does not see an input; names the worker.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtra("--cluster", "cluster") from error
    try:
        connect: Any = distributed.Client
        client = connect(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CivictagError(
            _("no Dask scheduler answers"), where=address, hint=_("Start one with: dask scheduler")
        ) from error
    with client:
        _check(client, address, paths)
        client.register_plugin(_model_plugin(model, sha256))
        yield _executor(client, address)


def _executor(client: Any, address: str) -> Executor[Any, Any]:
    def run(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """The executor."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        ahead = AHEAD * max(2, sum(client.nthreads().values()))
        try:
            yield from in_order(lambda item: client.submit(function, item, pure=False), items, ahead)
        except KilledWorker as error:
            raise CivictagError(_("workers died again and again at the same chunk"), where=address) from error
        except (CancelledError, TimeoutError, OSError) as error:
            raise CivictagError(_("the scheduler is gone"), where=address) from error

    return run


def _check(client: Any, address: str, paths: Sequence[str]) -> None:
    """Ask every worker before the first chunk; what fails there would fail ten thousand times."""
    if not client.nthreads():
        raise CivictagError(
            _("the cluster has no workers"),
            where=address,
            hint=_("Start one with: dask worker {address}", address=address),
        )
    # A function of the standard library: the worker may have no civictag to unpickle one from.
    versions = client.run(pkgutil.resolve_name, "civictag.version:__version__", on_error="return")
    for worker, version in versions.items():
        if version != __version__:
            found = (
                _("has no civictag")
                if isinstance(version, Exception)
                else _("has civictag {version}", version=version)
            )
            raise CivictagError(
                _("{found}, not {version}", found=found, version=__version__),
                where=_("worker {worker}", worker=worker),
                hint=_("Install it there: pip install civictag=={version}", version=__version__),
            )  # fmt: skip
    for path in filter(os.path.exists, paths):
        for worker, seen in client.run(_SEEN, path).items():
            if not seen:
                raise CivictagError(
                    _("does not see {path}", path=path), where=_("worker {worker}", worker=worker),
                    hint=_("Give inputs on a path that all machines share"),
                )  # fmt: skip


def _model_plugin(model: str, sha256: str) -> Any:
    from distributed import WorkerPlugin

    class Model(WorkerPlugin):
        """Unpacks the model where a worker starts, those that join later too."""

        name = f"civictag-{sha256}"

        def __init__(self, files: Mapping[str, bytes]) -> None:
            self.files = files

        def setup(self, worker: Any) -> None:
            """Put the model beside the worker's files."""
            receive(self.files, sha256, worker.local_directory)

    return Model(packed(model))


def packed(model: str) -> dict[str, bytes]:
    """The files of a model, to be sent."""
    files = bundle.read(model)
    return {**files.contents, MANIFEST: files.raw_manifest}


def receive(files: Mapping[str, bytes], sha256: str, local: str) -> None:
    """Put a model that was sent into a folder under ``local`` and load it.

    Raises:
        ModelError: it is not the one with that hash.
    """
    folder = tempfile.mkdtemp(prefix="civictag-model-", dir=local)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    work.tagger_of(folder, sha256)

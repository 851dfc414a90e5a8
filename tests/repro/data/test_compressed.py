import gzip
import lzma
import zipfile

import pytest

from repro.data.compressed import check_whole
from repro.errors import LabError


@pytest.mark.parametrize("name", ["a.gz", "a.tgz", "a.tar.gz", "a.xz", "a.zip"])
def test_an_archive_tells_whether_it_has_come_to_its_end(tmp_path, name):
    text = b"\n".join(str(i).encode() for i in range(5000))
    path = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", text)
    else:
        path.write_bytes(lzma.compress(text) if name.endswith(".xz") else gzip.compress(text))
    check_whole(path)
    content = path.read_bytes()
    for damaged in (content[:-6], content[: len(content) // 2], b"", b"<html>" + content):
        path.write_bytes(damaged)
        if damaged.startswith(b"<html>") and name.endswith(".zip"):
            continue  # a zip file may begin with something else
        with pytest.raises(LabError, match="truncated or damaged"):
            check_whole(path)
    (tmp_path / "a.part").write_bytes(content[:-6])
    with pytest.raises(LabError, match=name):
        check_whole(tmp_path / "a.part", name)
    check_whole(tmp_path / "a.part", "a.tsv")

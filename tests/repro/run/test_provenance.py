import json

from repro.machine import gpus
from repro.run.provenance import environment


def test_the_environment_says_what_ran_where():
    found = environment(jobs=2)
    json.dumps(found)
    assert found["versions"]["torch"].startswith("2.")
    assert found["processes"] == 2
    assert found["threads_per_process"] == 1
    assert found["commit"] is None or len(found["commit"]) == 40
    assert (found["commit"] is None) == (found["modified"] is None)


def test_gpus_are_counted_as_their_tool_lists_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpus() == 0
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA H100 (UUID: GPU-1)'\necho 'GPU 1: NVIDIA H100 (UUID: GPU-2)'\n")
    tool.chmod(0o755)
    assert gpus() == 2
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert gpus() == 0

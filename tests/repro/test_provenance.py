import json

from repro.provenance import environment


def test_the_environment_says_what_ran_where():
    found = environment(jobs=2)
    json.dumps(found)
    assert found["versions"]["torch"].startswith("2.")
    assert found["processes"] == 2
    assert found["threads_per_process"] == 1
    assert found["device"].startswith("cpu (")
    assert found["commit"] is None or len(found["commit"]) == 40
    assert (found["commit"] is None) == (found["modified"] is None)

"""The two lists of what was collected, to the letter."""

import json

from labctl.errors import LabError
from labctl.features.work.collect import Collected, CollectedFile
from labctl.features.work.collection import Learner, render_manifests

WHEN = "2026-01-02T03:04:05+00:00"
FILE = CollectedFile("a/esc\x1b\udcff,", "a/esc_", 5, "ab" * 32, "2026-01-01T00:00:00+00:00")
ANA = Collected("ana", WHEN, "volume lab-ana_work", [FILE], [("=link\udcff", "a symbolic link")], 7)
BEN = Collected("ben", WHEN, "folder /srv/ben", [], [], 0)
LEARNERS = {
    "ana": Learner("Müller, Ana", "monday"),
    "ben": Learner("+Ben", ""),
    "cleo": Learner("Cleo", "tuesday"),
}
JSON = {
    "format": "labctl collection",
    "version": 1,
    "collected": "2026-01-02T00:00:00+00:00",
    "labs": [
        {
            "lab": "ana",
            "person": "Müller, Ana",
            "group": "monday",
            "collected": WHEN,
            "home": "volume lab-ana_work",
            "files": [
                {
                    "path": "a/esc\\x1b\\xff,",
                    "file": "ana/a/esc_",
                    "size": 5,
                    "sha256": "ab" * 32,
                    "modified": "2026-01-01T00:00:00+00:00",
                }
            ],
            "left_out": [{"path": "=link\\xff", "reason": "a symbolic link"}],
            "left_out_count": 7,
        },
        {
            "lab": "ben",
            "person": "+Ben",
            "group": "",
            "collected": WHEN,
            "home": "folder /srv/ben",
            "files": [],
            "left_out": [],
            "left_out_count": 0,
        },
    ],
    "failed": [{"lab": "cleo", "person": "Cleo", "group": "tuesday", "error": "no home yet"}],
}
CSV = f"""\
\ufefflab,person,group,collected,path,file,size,sha256,modified,left out\r
ana,"Müller, Ana",monday,{WHEN},"a/esc\\x1b\\xff,",ana/a/esc_,5,{"ab" * 32},2026-01-01T00:00:00+00:00,\r
ana,"Müller, Ana",monday,{WHEN},'=link\\xff,,,,,a symbolic link\r
ben,'+Ben,,{WHEN},,,,,,\r
"""


def test_the_lists_say_whose_work_it_is_and_what_is_lacking() -> None:
    failed = {"cleo": LabError("no home yet", hint="not shown")}
    found = render_manifests([ANA, BEN], LEARNERS, failed, JSON["collected"])  # type: ignore[arg-type]
    assert sorted(found) == ["manifest.csv", "manifest.json"]
    assert found["manifest.json"].decode() == json.dumps(JSON, indent=2) + "\n"
    assert found["manifest.csv"].decode() == CSV

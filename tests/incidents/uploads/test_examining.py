"""FU-1: every file of the corpus gets its verdict, within memory and time, and nothing of it is kept."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from incidents.uploads.examining import examine
from incidents.uploads.verdicts import FileKind, Reason, Rejected
from tests.incidents.uploads import making
from tests.incidents.uploads.corpus import LIMIT, PICTURES, SAMPLES, WITHOUT, Sample

ROOT = Path(__file__).resolve().parents[3]


def verdict(sample: Sample, *, may_hold_images: bool = True) -> FileKind | Reason:
    try:
        return examine(sample.content, name=sample.name, may_hold_images=may_hold_images, most_bytes=LIMIT).kind
    except Rejected as rejected:
        return rejected.reason


def test_the_corpus_is_as_large_as_it_was_promised() -> None:
    # Of the 26 classes, slow and many uploads are tested where they are received.
    assert len(SAMPLES) + len(PICTURES) >= 80
    assert len({sample.of for sample in SAMPLES}) >= 24
    assert {sample.verdict for sample in (*SAMPLES, *PICTURES)} == {*FileKind, *Reason}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_every_file_gets_its_verdict(sample: Sample) -> None:
    assert verdict(sample) == sample.verdict


@pytest.mark.parametrize("sample", PICTURES, ids=lambda sample: sample.id)
def test_a_picture_is_found_wherever_it_hides(sample: Sample) -> None:
    assert verdict(sample, may_hold_images=False) is Reason.IMAGE


@pytest.mark.parametrize("sample", WITHOUT, ids=lambda sample: sample.id)
def test_what_holds_no_picture_is_taken_where_none_may_be(sample: Sample) -> None:
    assert verdict(sample, may_hold_images=False) == sample.verdict


def test_what_is_found_is_of_the_very_bytes() -> None:
    content = making.with_place()

    found = examine(content, name="photo.jpg", may_hold_images=True, most_bytes=LIMIT)

    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert (found.size, found.holds_images) == (len(content), True)


@pytest.mark.parametrize("name", ["a.jpg", "a.jpeg", "a.png", "a", "A.JPG"])
def test_a_picture_by_a_pictures_name_is_taken(name: str) -> None:
    assert examine(making.jpeg(), name=name, may_hold_images=True, most_bytes=LIMIT).kind is FileKind.JPEG


def test_a_phones_second_picture_and_its_table_are_taken() -> None:
    for content in (making.jpeg() + making.jpeg(), making.jpeg() + b"\0\0" + making.jpeg(), making.jpeg() + b"xxSEFT"):
        assert examine(content, name="a.jpg", may_hold_images=True, most_bytes=LIMIT).kind is FileKind.JPEG


def test_every_reason_says_what_is_wrong_in_a_sentence() -> None:
    for reason in Reason:
        assert reason.sentence.endswith(".")
        assert reason.sentence[0].isupper()
        assert "!" not in reason.sentence


def test_no_file_of_the_corpus_costs_much_memory_or_time() -> None:
    """A worker stays below 512 MB and 20 seconds, for the worst file and for all of them together."""
    code = (
        "import resource\n"
        "from tests.incidents.uploads.test_examining import verdict\n"
        "from tests.incidents.uploads.corpus import PICTURES, SAMPLES\n"
        "for sample in (*SAMPLES, *PICTURES):\n"
        "    verdict(sample)\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_maxrss // 1024, used.ru_utime + used.ru_stime)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    megabytes, seconds = (float(number) for number in done.stdout.split())
    assert megabytes < 512
    assert seconds < 20


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_file_that_was_cut_short_never_fails_in_another_way(cut: int) -> None:
    """FU-2 in short: whatever the bytes are, the answer is a kind or a reason."""
    for sample in WITHOUT:
        for content in (sample.content[:-cut], sample.content[:cut], sample.content[cut:]):
            assert verdict(Sample("cut", "", sample.name, content, Reason.BROKEN)) in {*FileKind, *Reason}

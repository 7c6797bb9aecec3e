"""Every paper as others see it: LibreOffice opens the DOCX, poppler reads the PDF; the pages lie in build/papers as pictures."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.reports.docx_paper import draw_docx
from app.reports.paper import Paper
from tests.papers.made import FOLDER, make_papers, pdf_of

pytestmark = [pytest.mark.papers, pytest.mark.slow, pytest.mark.timeout(300)]

CONVERTED_WITHIN_S = 120
ONE_LOG = "patrol-log-0131"
"""The logs of patrols are alike: one is looked at."""
DOTS_AN_INCH = "80"
STAND_IN = "LiberationSerif"
"""What LibreOffice takes for Times New Roman where that is not installed: as wide in every letter."""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    made = asyncio.run(make_papers(tmp_path_factory.mktemp("week")))
    return {name: paper for name, paper in made.items() if name == ONE_LOG or not name.startswith("patrol-log")}


@pytest.fixture(scope="module")
def pdfs(papers: dict[str, Paper]) -> dict[str, Path]:
    """Each paper as our PDF."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    return {name: write(FOLDER / f"{name}.pdf", pdf_of(paper)) for name, paper in papers.items()}


@pytest.fixture(scope="module")
def converted(papers: dict[str, Paper], pdfs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each paper as LibreOffice prints our DOCX."""
    sources = [write(FOLDER / f"{name}.docx", draw_docx(paper)) for name, paper in papers.items()]
    out = tmp_path_factory.mktemp("libreoffice")
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), *map(str, sources)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=CONVERTED_WITHIN_S)
    made = {name: FOLDER / f"{name}-docx.pdf" for name in papers}
    for name, place in made.items():
        shutil.move(out / f"{name}.pdf", place)
    return made


def write(place: Path, raw: bytes) -> Path:
    place.write_bytes(raw)
    return place


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def pages_of(place: Path) -> list[str]:
    return run("pdftotext", "-layout", "-enc", "UTF-8", str(place), "-").split("\f")[:-1]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def check_fonts(place: Path, family: str) -> None:
    """Every font is inside the file, with the table by which its text can be searched."""
    for line in run("pdffonts", str(place)).splitlines()[2:]:
        name, embedded, _, searchable = line.split()[0], *line.split()[-5:-2]
        assert re.fullmatch(rf"[A-Z]{{6}}\+{family}(-\w+)?", name), line
        assert (embedded, searchable) == ("yes", "yes"), line


def check_page_numbers(place: Path) -> None:
    """The first page has none; each later one has its own on top, alone in its line."""
    first, *later = pages_of(place)
    assert first.strip().splitlines()[0].strip() != "1"
    for number, page in enumerate(later, 2):
        assert page.strip().splitlines()[0].strip() == str(number), f"{place.name}, page {number}"


def test_every_pdf_has_its_fonts_inside_and_its_pages_numbered(pdfs):
    for place in pdfs.values():
        check_fonts(place, "Tinos")
        check_page_numbers(place)


def test_every_docx_opens_in_libreoffice_with_its_pages_numbered(converted):
    for place in converted.values():
        check_fonts(place, STAND_IN)
        check_page_numbers(place)


def test_both_files_of_a_paper_say_the_same_words(pdfs, converted):
    for name, place in pdfs.items():
        ours = sorted(word for page in pages_of(place) for word in words_of(page))
        theirs = sorted(word for page in pages_of(converted[name]) for word in words_of(page))
        assert _without_page_numbers(ours) == _without_page_numbers(theirs), name


def _without_page_numbers(words: list[str]) -> list[str]:
    """Each file has as many pages as its layout needs; headings of tables come again on each."""
    return sorted(set(words) - {str(number) for number in range(1, 20)})


def test_every_page_becomes_a_picture_that_is_not_empty(pdfs, converted):
    for place in (*pdfs.values(), *converted.values()):
        run("pdftoppm", "-r", DOTS_AN_INCH, "-png", str(place), str(place.with_suffix("")))
        pictures = sorted(FOLDER.glob(f"{place.stem}-[0-9]*.png"))
        assert len(pictures) == len(pages_of(place))
        assert all(page.strip() for page in pages_of(place)), f"{place.name} has an empty page"

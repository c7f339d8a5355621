"""Print what papers cost: milliseconds, pages, kilobytes, and the memory of the process.

`python -m benchmarks.papers --times 10`; agreements of one page, of three, and with sixty items, a
programme of ninety signings and sixty name cards, each as PDF and as DOCX; then two agreements at
once, which is as many as a process of the site makes.
"""

import io
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from pypdf import PdfReader

from matchplatform.documents import (
    Facts,
    Heading,
    PartyText,
    SeatCard,
    SheetOfPaper,
    Table,
    render_agreement_docx,
    render_agreement_pdf,
    render_paper_docx,
    render_paper_pdf,
    render_seat_cards_docx,
    render_seat_cards_pdf,
)
from tests.documents.samples import ARTICLES, PARTIES, make_agreement

SHORT = make_agreement(
    1,
    parties=tuple(PartyText(party.role, party.name) for party in PARTIES),
    facts=(),
    articles=ARTICLES[:1],
)
MIDDLE = make_agreement(6)
LONG = make_agreement(60)
PROGRAMME = SheetOfPaper(
    "签约大会议程",
    "2020 年 8 月 22 日",
    (
        Facts((("地点", "会议中心"), ("主持", "县民政局"))),
        Heading("签约顺序"),
        Table(
            ("序号", "社会组织", "项目", "金额（元）"),
            tuple(
                (
                    str(n),
                    f"某某公益基金会第{n}号",
                    "寄宿生被褥与生活设施改善项目",
                    f"{n * 5000:,}.00",
                )
                for n in range(1, 91)
            ),
            (1, 4, 5, 3),
        ),
    ),
    dated=date(2020, 8, 22),
)
CARDS = [SeatCard(f"某某公益基金会第{n}号", "张某某", "理事长", f"{n} 号") for n in range(1, 61)]
PAPERS: dict[str, Callable[[], bytes]] = {
    "agreement, 1 page, PDF": lambda: render_agreement_pdf(SHORT),
    "agreement, 3 pages, PDF": lambda: render_agreement_pdf(MIDDLE),
    "agreement, 60 items, PDF": lambda: render_agreement_pdf(LONG),
    "agreement, 1 page, DOCX": lambda: render_agreement_docx(SHORT),
    "agreement, 3 pages, DOCX": lambda: render_agreement_docx(MIDDLE),
    "agreement, 60 items, DOCX": lambda: render_agreement_docx(LONG),
    "programme, 90 rows, PDF": lambda: render_paper_pdf(PROGRAMME),
    "programme, 90 rows, DOCX": lambda: render_paper_docx(PROGRAMME),
    "60 name cards, PDF": lambda: render_seat_cards_pdf(CARDS),
    "60 name cards, DOCX": lambda: render_seat_cards_docx(CARDS),
}


def megabytes() -> float:
    """Return the most memory that the process has held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    """Measure each paper and print a line for it."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    print(f"{'paper':<28}{'first':>7}{'p50':>7}{'p95':>7} ms{'pages':>7}{'kB':>6}{'MB held':>9}")
    for name, render in PAPERS.items():
        spent = []
        for _ in range(times + 1):
            begun = perf_counter()
            made = render()
            spent.append((perf_counter() - begun) * 1000)
        pages = len(PdfReader(io.BytesIO(made)).pages) if "PDF" in name else "-"
        print(
            f"{name:<28}{spent[0]:>7.0f}{median(spent[1:]):>7.0f}"
            f"{quantiles(spent[1:], n=20, method='inclusive')[-1]:>7.0f}   {pages:>7}"
            f"{len(made) / 1024:>6.0f}{megabytes():>9.0f}"
        )
    begun = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(render_agreement_pdf, [MIDDLE] * times))
    print(f"two at once: {(perf_counter() - begun) * 1000 / times:.0f} ms an agreement of 3 pages")


if __name__ == "__main__":
    main()

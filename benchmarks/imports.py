"""Print rows a second for reading spreadsheets, beside what reads the same files alone.

`python -m benchmarks.imports [ROWS ...] [--database both]`; 5,000 and 50,000 rows on SQLite
without arguments, and postgresql makes a cluster for itself. Ours opens the file in a confined
child, finds the heading and reads every cell as what its column holds; openpyxl and
python-calamine only give the values. Then preview and apply on a scratch site, with how long a
claim waits for the database meanwhile.
"""

import argparse
import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.imports_site import report as report_site
from matchplatform.confined.limits import ReadLimits
from matchplatform.sheets import CellType, ColumnSpec, Layout, Month, read_table

SECTORS = {"education": "教育", "health": "健康", "industry": "产业", "care": "扶老助残救孤"}
LAYOUT = Layout(
    "项目",
    (
        ColumnSpec("number", "项目编号", CellType.CODE, needed=True),
        ColumnSpec("name", "名称", needed=True),
        ColumnSpec("sector", "类别", CellType.CHOICE, choices=SECTORS),
        ColumnSpec("region", "县区代码", CellType.CODE),
        ColumnSpec("place", "村、学校或单位"),
        ColumnSpec("scope", "实施内容"),
        ColumnSpec("people", "直接受益（人）", CellType.WHOLE, suffixes=("人",)),
        ColumnSpec("item", "条目"),
        ColumnSpec("quantity", "数量", CellType.NUMBER, places=3),
        ColumnSpec("unit", "单位"),
        ColumnSpec("price", "单价（元）", CellType.MONEY),
        ColumnSpec("until", "认领截止", CellType.DATE, month=Month.LAST_DAY),
        ColumnSpec("public", "公开", CellType.YES_NO),
    ),
)
DATABASES = ("sqlite", "postgresql")
Way = Callable[[bytes, str], int]


def make_rows(count: int) -> Iterator[list[str | float]]:
    """Invent rows as people fill them in: dates, amounts and texts in several spellings."""
    dice = random.Random(2020)
    days = ("2020-05-30", "2020年5月", "20200530", "2020/6/1")
    for number in range(count):
        yield [
            f"130722-{number // 4:05d}",
            f"东水泉村第{number // 4}期助学与取暖项目",
            dice.choice([*SECTORS.values()]),
            "130722",
            f"东水泉村{number % 97}组",
            f"为{dice.randint(10, 400)}名学生购置过冬用品，由村委会造册发放，" * 2,
            dice.randint(10, 400),
            dice.choice(("棉被", "课桌", "轮椅", "取暖煤")),
            dice.choice((120, "1,200", 35.5)),
            dice.choice(("床", "套", "辆", "吨")),
            dice.choice((85.5, "1.2万", "3,500", 1280)),
            dice.choice(days),
            dice.choice(("是", "否")),
        ]


def make_xlsx(count: int) -> bytes:
    """Return the rows as a workbook."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": False}) as book:
        page = book.add_worksheet(str(LAYOUT.sheet))
        page.write_row(0, 0, [str(column.words) for column in LAYOUT.columns])
        for at, row in enumerate(make_rows(count), 1):
            page.write_row(at, 0, row)
    return made.getvalue()


def make_csv(count: int) -> bytes:
    """Return the rows as Chinese Excel saves them."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([str(column.words) for column in LAYOUT.columns])
    lines.writerows(make_rows(count))
    return text.getvalue().encode("gb18030")


def read_ours(data: bytes, name: str) -> int:
    """Read and understand every cell."""
    table = read_table(data, name, LAYOUT, ReadLimits())
    if table.refused:
        raise SystemExit("; ".join(str(problem.words) for problem in table.problems))
    return sum(not row.problems for row in table.read())


def read_as_it_stands(data: bytes, name: str) -> int:
    """Read the rows by column, as the first half of read_ours does."""
    return len(read_table(data, name, LAYOUT, ReadLimits()).rows)


def read_openpyxl(data: bytes, name: str) -> int:
    """Give the values of every row."""
    page = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return sum(1 for _row in page.iter_rows(values_only=True)) - 1


def read_calamine(data: bytes, name: str) -> int:
    """Give the values of every row."""
    return (
        len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()) - 1
    )


def read_csv_module(data: bytes, name: str) -> int:
    """Give the texts of every record."""
    return sum(1 for _ in csv.reader(io.StringIO(data.decode("gb18030"), newline=""))) - 1


def report(name: str, ways: Mapping[str, Way], data: bytes, count: int) -> None:
    """Time every way once, on one file, and print rows a second."""
    print(f"\n{name}: {count:,} rows, {len(data) / 2**20:.1f} MB")
    for title, way in ways.items():
        began = perf_counter()
        read = way(data, name)
        took = perf_counter() - began
        if read != count:
            raise SystemExit(f"{title} read {read} rows of {count}")
        print(f"  {title:<34}{took:>8.2f} s{count / took:>12,.0f} rows/s")


def main() -> None:
    """Make the files and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[5_000, 50_000])
    parser.add_argument("--database", choices=[*DATABASES, "both"], default=DATABASES[0])
    asked = parser.parse_args()
    for count in asked.rows:
        xlsx = {
            "ours: child, checks, rows": read_as_it_stands,
            "ours: and every cell understood": read_ours,
            "python-calamine, values alone": read_calamine,
            "openpyxl read-only, values alone": read_openpyxl,
        }
        report("projects.xlsx", xlsx, make_xlsx(count), count)
        separated = {
            "ours: child, checks, rows": read_as_it_stands,
            "ours: and every cell understood": read_ours,
            "csv module, texts alone": read_csv_module,
        }
        report("projects.csv", separated, make_csv(count), count)
        for database in DATABASES if asked.database == "both" else (asked.database,):
            report_site(count, database)


if __name__ == "__main__":
    main()

"""A small corpus of its own, and the seeds when they are there."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from matchplatform.search import SearchDoc, SearchIndex

SEEDS = Path(__file__).parents[2] / "seeds" / "projects.csv"
WORDS = frozenset({"食用菌", "光伏", "黑崖沟"})

_ROWS = [
    ("130624-001", "黑崖沟村光伏提灌站", "黑崖沟村", "阜平县", "二级提水，浇坡上２１０亩枣林。"),
    (
        "130624-002",
        "龙泉关镇食用菌大棚",
        "龙泉关镇",
        "阜平县",
        "建棚48座，出菇60吨；路从k1+2处接。",
    ),
    ("130722-047", "小学越冬：热水与淋浴", "德胜村", "张北县", "每天1.8 公里上学，冬天没有热水。"),
    (
        "130722-101",
        "马铃薯种薯贮藏窖",
        "黄花淖村",
        "张北县",
        "窖顶透光不好。贮藏窖六十座，户均一座。",
    ),
    ("130726-003", "剪纸合作社工坊", "桃花镇", "蔚县", "光亮的工坊，老人也来。黑崖沟的人来学过。"),
    (
        "130726-004",
        "谷子 “吨谷” 示范方",
        "吉家庄镇",
        "蔚县",
        "Millet 小米，ＡＢＣ三个点，60-80户。",
    ),
]
_CITIES = {"阜平县": "保定市", "张北县": "张家口市", "蔚县": "张家口市"}


@pytest.fixture(scope="session")
def docs() -> list[SearchDoc]:
    """Return six documents, ids from 1, each with its own trap."""
    return [
        SearchDoc(id_, number, title, place, f"{_CITIES[county]} {county}", text, "基础设施")
        for id_, (number, title, place, county, text) in enumerate(_ROWS, 1)
    ]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, docs: list[SearchDoc]) -> Path:
    """Return the folder of an index of the small corpus, only to be copied."""
    folder = tmp_path_factory.mktemp("built") / "index"
    SearchIndex(folder, WORDS).rebuild(docs)
    return folder


@pytest.fixture
def index(tmp_path: Path, built: Path) -> SearchIndex:
    """Return an index of the small corpus that a test may change or break."""
    shutil.copytree(built, tmp_path / "index")
    return SearchIndex(tmp_path / "index", WORDS)


@pytest.fixture(scope="session")
def seeds() -> list[SearchDoc]:
    """Return the projects of seeds/."""
    with SEEDS.open(encoding="utf-8-sig", newline="") as stream:
        return [
            SearchDoc(
                id=id_,
                number=row["number"],
                title=row["name"],
                place=row["place"],
                region=row["region_code"],
                text=row["scope_text"],
                extra="",
            )
            for id_, row in enumerate(csv.DictReader(stream), 1)
        ]


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory, seeds: list[SearchDoc]) -> SearchIndex:
    """Return an index of the seeds, only to be read."""
    built = SearchIndex(tmp_path_factory.mktemp("seeds"), WORDS)
    built.rebuild(seeds)
    return built


@pytest.fixture
def found(index: SearchIndex) -> Callable[..., list[int]]:
    """Return a function that gives the ids found for terms, the best first."""
    return lambda *terms: [hit.id for hit in index.find(terms, 100)]

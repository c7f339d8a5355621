"""Photographs in three sizes: what is made of them, what is kept, what is swept."""

import os
import time
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.models import StoredFile
from matchplatform.files.photo_uploads import PhotoUpload, examine_photo
from matchplatform.files.photos import make_sizes
from matchplatform.files.queries import (
    GRACE,
    KEEP_REMOVED,
    find_breaches,
    find_orphans,
    sum_bytes,
)
from matchplatform.files.services import remove_file, store_photo
from matchplatform.files.sizes import SIDES, SizeName, pack_sizes, unpack_sizes
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits, Verdict
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from tests.factories import actor_for, make_organisation
from tests.files import samples


def sizes_of(data: bytes) -> dict[SizeName, Image.Image]:
    """Return the pictures that are made of a photograph."""
    verdict, packed = make_sizes(data, Limits())
    assert verdict is Verdict.FINE
    return {
        name: Image.open(BytesIO(made.data), formats=["JPEG"])
        for name, made in unpack_sizes(packed).items()
    }


def take_photo(storage: Storage, data: bytes, name: str = "操场.jpg") -> PhotoUpload:
    return examine_photo(storage, BytesIO(data), name, Limits())


class TestMakeSizes:
    def test_each_is_as_long_as_it_may_be(self) -> None:
        made = sizes_of(samples.photo((3000, 1500)))
        assert {name: picture.size for name, picture in made.items()} == {
            name: (side, side // 2) for name, side in SIDES.items()
        }

    def test_none_is_larger_than_what_came(self) -> None:
        made = sizes_of(samples.photo((200, 100)))
        assert {picture.size for picture in made.values()} == {(200, 100)}

    @pytest.mark.parametrize(
        ("orientation", "corner"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left")]
    )
    def test_it_stands_upright_and_tells_nothing(self, orientation: int, corner: str) -> None:
        # The gradient is dark at the top, before a camera says which way it was held.
        data = samples.photo_with_gps(orientation)
        for picture in sizes_of(data).values():
            assert not picture.getexif()
            assert not {"exif", "comment", "icc_profile"} & set(picture.info)
            width, height = picture.size
            grey = picture.convert("L")
            sides = {
                "top": grey.getpixel((width // 2, 2)),
                "bottom": grey.getpixel((width // 2, height - 3)),
                "left": grey.getpixel((2, height // 2)),
                "right": grey.getpixel((width - 3, height // 2)),
            }
            assert min(sides, key=lambda side: sides[side]) == corner  # type: ignore[arg-type, return-value]

    def test_the_bytes_hold_no_place_and_no_name(self) -> None:
        for data in (samples.photo_with_gps(), samples.chatty_png()):
            _, packed = make_sizes(data, Limits())
            assert samples.CANARY.encode() not in packed
            assert b"Exif" not in packed
            assert b"GPS" not in packed

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L"])
    def test_what_is_seen_through_becomes_white_paper(self, mode: str) -> None:
        source = Image.new("RGBA", (40, 30), (0, 0, 0, 0)).convert(mode)
        if mode == "P":
            source.info["transparency"] = 0
        made = BytesIO()
        source.save(made, "PNG")
        picture = sizes_of(made.getvalue())[SizeName.LARGE].convert("RGB")
        expected = (255, 255, 255) if mode in ("RGBA", "LA", "P") else (0, 0, 0)
        assert picture.getpixel((20, 15)) == expected

    def test_a_png_held_sideways_with_a_clear_ground_stands_up_too(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        made = BytesIO()
        Image.new("RGBA", (40, 30)).save(made, "PNG", exif=exif)
        assert sizes_of(made.getvalue())[SizeName.LARGE].size == (30, 40)

    def test_too_many_pixels_are_not_even_decoded(self) -> None:
        assert make_sizes(samples.bomb_png(), Limits())[0] is Verdict.TOO_MANY_PIXELS


class TestPacking:
    def test_what_was_packed_comes_out_again(self) -> None:
        _, packed = make_sizes(samples.photo(), Limits())
        assert pack_sizes(unpack_sizes(packed)) == packed

    @pytest.mark.parametrize("cut", [0, 10, 40, -1])
    def test_anything_else_is_refused(self, cut: int) -> None:
        _, packed = make_sizes(samples.photo(), Limits())
        with pytest.raises(ValueError, match=r"short|JPEG|size|said"):
            unpack_sizes(packed[:cut])
        with pytest.raises(ValueError, match="more"):
            unpack_sizes(packed + b"more")
        with pytest.raises(ValueError, match="size"):
            unpack_sizes(b"\xff\xff" + packed[2:])


class TestExaminePhoto:
    def test_it_is_looked_at_in_a_child_and_nothing_is_left_over(self, storage: Storage) -> None:
        upload = take_photo(storage, samples.photo((1000, 800)))
        assert [made.width for made, _ in upload.sizes.values()] == [240, 960, 1000]
        assert upload.large.label == "操场.jpg"
        upload.discard()
        assert not [path for path in storage.root.rglob("*") if path.is_file()]

    def test_a_png_becomes_a_jpeg_by_name_too(self, storage: Storage) -> None:
        assert take_photo(storage, samples.photo(kind="PNG"), "图.png").large.label == "图.jpg"

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (samples.pdf(), "a.pdf", "只收 JPEG、PNG"),
            (samples.pdf(), "a.jpg", "内容却是 PDF"),
            (samples.bomb_png(), "a.png", "万像素"),
            (b"\xff\xd8\xff\xe0" + b"x" * 200, "a.jpg", "打不开"),
        ],
    )
    def test_what_is_no_photograph_is_refused(
        self, storage: Storage, data: bytes, name: str, words: str
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            take_photo(storage, data, name)
        assert words in str(caught.value.fields["file"])
        assert not [path for path in storage.root.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("db_session", "organisations_own")
class TestStorePhoto:
    def keep(self, storage: Storage, data: bytes) -> StoredFile:
        organisation, agent = make_organisation()
        self.actor = actor_for(agent)
        self.place = Place("organisation", organisation.id, Purpose.PICTURE)
        upload = take_photo(storage, data)
        file = store_photo(actor=self.actor, upload=upload, place=self.place)
        db.session.commit()
        return file

    def test_the_same_again_adds_nothing(self, storage: Storage) -> None:
        file = self.keep(storage, samples.photo())
        again = take_photo(storage, samples.photo())
        assert store_photo(actor=self.actor, upload=again, place=self.place) is file
        assert len(file.sizes) == 3
        again.discard()

    def test_all_sizes_count_and_are_checked(self, storage: Storage) -> None:
        file = self.keep(storage, samples.photo((1000, 800)))
        assert sum_bytes("organisation", file.owner_id) == sum(each.size for each in file.sizes)
        assert list(find_breaches(storage)) == []
        storage.path_of(file.sizes[0].stored_name).unlink()
        assert [line.partition(":")[0] for line in find_breaches(storage)] == [
            f"file {file.id} (thumb)"
        ]

    def test_sizes_are_swept_with_their_photograph(self, storage: Storage) -> None:
        file = self.keep(storage, samples.photo((1000, 800)))
        names = {size.stored_name for size in file.sizes}
        at = time.time() - (GRACE + timedelta(hours=1)).total_seconds()
        for name in names:
            os.utime(storage.path_of(name), (at, at))
        assert list(find_orphans(storage)) == []
        remove_file(actor=self.actor, file=file)
        db.session.commit()
        assert list(find_orphans(storage)) == []
        with clock.set_clock(clock.now() + KEEP_REMOVED + timedelta(days=1)):
            assert set(find_orphans(storage)) == names

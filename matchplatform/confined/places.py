"""Columns by place and by letters: 0 is A, 26 is AA."""


def place_of(letters: str) -> int:
    """Return the place of a column from its letters."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def letters_of(place: int) -> str:
    """Return the letters of a column from its place."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

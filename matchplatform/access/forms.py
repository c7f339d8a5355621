"""What a verb found wrong, shown at the fields of the form that was sent."""

from typing import Any

from matchplatform.kernel.errors import InvalidInput


def show_wrongs(form: Any, error: InvalidInput) -> None:
    """Put each message at its field; what has no field stands over the form.

    Names like ``lines-0-item`` reach into a FieldList of FormFields.
    """
    over_the_form = [] if error.fields else [str(error.words)]
    for name, words in error.fields.items():
        field = _find_field(form, name)
        if field is None:
            over_the_form.append(str(words))
        else:
            field.errors = [*field.errors, str(words)]
    form.form_errors = [*form.form_errors, *over_the_form]


def _find_field(form: Any, name: str) -> Any:
    head, _, rest = name.partition("-")
    field = form._fields.get(head)
    if field is None or not rest:
        return field
    place, _, inner = rest.partition("-")
    entries = getattr(field, "entries", [])
    if not place.isdecimal() or int(place) >= len(entries):
        return None
    return entries[int(place)].form._fields.get(inner)

"""What stands in the diary as codes, in whole sentences: what facilitators share."""

from flask_babel import lazy_gettext as _l

EVENTS = {
    "resource.written": _l("A guide was written for the library."),
    "resource.changed": _l("A guide of the library was changed."),
    "resource.published": _l("A guide of the library was published."),
    "resource.used": _l("It was noted that the group used a guide."),
}

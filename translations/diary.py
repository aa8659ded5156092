"""What stands in the diary as codes, in whole sentences: what translators do."""

from flask_babel import lazy_gettext as _l

EVENTS = {
    "wording.translated": _l("A text was translated."),
    "wording.approved": _l("A translation was approved."),
    "translation.offered": _l("A translation was offered to another group."),
    "translation.approved": _l("An offered translation was read over and approved."),
    "translation.taken_over": _l("A translation was taken over."),
    "translation.declined": _l("An offered translation was left aside."),
}

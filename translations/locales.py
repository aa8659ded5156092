"""The one list of languages, with direction and readiness.

A language is offered in the switch once every sentence of the interface is translated (`make messages` says how
far each is); until then it can be looked at by its address, so that those who translate can see their work.
"""

from network.web.languages import PSEUDO, Language

KNOWN_LOCALES = {
    "en": Language("en", "English"),
    "sw": Language("sw", "Kiswahili"),
    "fr": Language("fr", "Français"),
    "ar": Language("ar", "العربية", direction="rtl", is_offered=False),
    PSEUDO: Language(PSEUDO, "[Éñĝļîšĥ]", is_offered=False),
}

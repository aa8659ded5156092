"""Which page a private link opens; the package that hands out links of a purpose registers its page."""

from network.accounts.models import LinkPurpose

_pages: dict[LinkPurpose, str] = {}


def register(purpose: LinkPurpose, endpoint: str) -> None:
    """Say which page opens for links of this purpose. It takes the `token`."""
    _pages[purpose] = endpoint


def page_for(purpose: LinkPurpose) -> str | None:
    """The page a link of this purpose opens."""
    return _pages.get(purpose)

"""How many decimals money has, by currency: a table of our own, so that no library can rescale stored amounts."""

MINOR_DIGITS = {
    "BIF": 0,
    "CLP": 0,
    "DJF": 0,
    "GNF": 0,
    "ISK": 0,
    "JPY": 0,
    "KMF": 0,
    "KRW": 0,
    "PYG": 0,
    "RWF": 0,
    "UGX": 0,
    "VND": 0,
    "VUV": 0,
    "XAF": 0,
    "XOF": 0,
    "XPF": 0,
    "BHD": 3,
    "IQD": 3,
    "JOD": 3,
    "KWD": 3,
    "LYD": 3,
    "OMR": 3,
    "TND": 3,
}
"""Decimals of a currency's minor unit by ISO 4217 where it is not two."""


def minor_digits(currency: str) -> int:
    """How many decimals the currency has."""
    return MINOR_DIGITS.get(currency, 2)

"""Bytes as letters people can read out, write down and type: Douglas Crockford's base 32, without I, L, O and U."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_BITS = 5


def written(content: bytes, *, group: int) -> str:
    """The letters, in groups with hyphens between."""
    number, signs = int.from_bytes(content), -(-len(content) * 8 // _BITS)
    text = "".join(ALPHABET[number >> _BITS * place & 31] for place in reversed(range(signs)))
    return "-".join(text[start : start + group] for start in range(0, signs, group))


def read(text: str, *, length: int) -> bytes:
    """The bytes behind what somebody typed. Raises `ValueError` where it cannot be so many bytes."""
    plain = "".join(sign for sign in text.upper().translate(_LOOKALIKES) if sign.isalnum())
    if len(plain) != -(-length * 8 // _BITS) or any(sign not in ALPHABET for sign in plain):
        raise ValueError(text)
    number = 0
    for sign in plain:
        number = number << _BITS | ALPHABET.index(sign)
    return number.to_bytes(length)

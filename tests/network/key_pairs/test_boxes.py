"""What is closed opens with its key, in its place, and in no other way; its length says little."""

from hypothesis import given, settings
from hypothesis import strategies as st

from network.key_pairs import boxes

PLACE = "group matter text"


def flipped(what: bytes, at: int) -> bytes:
    return what[:at] + bytes([what[at] ^ 1]) + what[at + 1 :]


class TestAText:
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=2000))
    @settings(max_examples=40)
    def test_opens_with_its_key_and_says_little_by_its_length(self, words: str) -> None:
        key = boxes.new_key()
        closed = boxes.close(key, words, bound_to=PLACE)
        assert boxes.unclose(key, closed, bound_to=PLACE) == words
        assert (len(closed) - 28) % 512 == 0

    def test_opens_in_no_other_place_with_no_other_key_and_not_when_changed(self) -> None:
        key = boxes.new_key()
        closed = boxes.close(key, "words", bound_to=PLACE)
        assert boxes.unclose(key, closed, bound_to="another") is None
        assert boxes.unclose(boxes.new_key(), closed, bound_to=PLACE) is None
        assert all(boxes.unclose(key, flipped(closed, at), bound_to=PLACE) is None for at in (0, 12, -1))


class TestAKeyForSomebody:
    def test_opens_for_them_and_for_nobody_else(self) -> None:
        private, another, key = boxes.new_private(), boxes.new_private(), boxes.new_key()
        wrapped = boxes.wrap(key, boxes.public_of(private), bound_to=PLACE)
        assert boxes.unwrap(wrapped, private, bound_to=PLACE) == key
        assert boxes.unwrap(wrapped, another, bound_to=PLACE) is None
        assert boxes.unwrap(wrapped, private, bound_to="another") is None
        assert all(
            boxes.unwrap(flipped(wrapped, at), private, bound_to=PLACE) is None for at in (0, 33, 60, -1)
        )
        assert boxes.unwrap(bytes(32) + wrapped[32:], private, bound_to=PLACE) is None

    def test_is_closed_another_way_each_time(self) -> None:
        public, key = boxes.public_of(boxes.new_private()), boxes.new_key()
        assert boxes.wrap(key, public, bound_to=PLACE)[:32] != boxes.wrap(key, public, bound_to=PLACE)[:32]


class TestAPrivateKey:
    def test_opens_with_the_password_alone_however_its_letters_are_composed(self) -> None:
        private = boxes.new_private()
        lock = boxes.lock(private, "caf\u00e9-du-matin", bound_to=PLACE)
        assert boxes.unlock(lock, "cafe\u0301-du-matin", bound_to=PLACE) == private
        assert boxes.unlock(lock, "cafe-du-matin", bound_to=PLACE) is None
        assert boxes.unlock(lock, "caf\u00e9-du-matin", bound_to="another") is None
        assert boxes.unlock("nonsense", "caf\u00e9-du-matin", bound_to=PLACE) is None

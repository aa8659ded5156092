"""From bringing to closing, as commands: who can read what at each step."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from groups.disputes import commands, queries
from groups.disputes.commands import CannotGoOn
from groups.disputes.models import MatterState, TextKind
from groups.disputes.rules import Refusal
from groups.hearings import commands as hearings
from groups.membership.models import Member
from groups.membership.queries import find_own_member
from network import clock
from network.accounts.models import Account
from network.db import db
from network.mine.registry import Me
from network.tenancy.models import Group
from tests.factories.disputes import (
    SAID,
    Disputes,
    a_seat,
    agreed,
    ask,
    bring,
    forget_password,
    heard,
    latest_outcome,
    latest_review,
    make_disputes,
    offer,
    private_of,
    seen,
    sits_too,
    somebody,
    tell,
)
from tests.factories.groups import a_member, a_term
from tests.factories.network import give_role, make_group, make_holder
from tests.support.app import in_scope

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def here() -> Disputes:
    return make_disputes()


def own_member(account_id: uuid.UUID) -> Member:
    found = find_own_member(account_id)
    assert found
    return found


def reads(matter_id: uuid.UUID, where: Group, who: Account) -> dict[str, int]:
    """How many texts of each kind somebody can open."""
    private = private_of(who)
    with in_scope(where, who):
        texts = queries.texts_of(matter_id)
        said = queries.opened(texts, who.id, private)
        found: dict[str, int] = {}
        for text in texts:
            if text.id in said:
                assert SAID in said[text.id]
                found[text.kind] = found.get(text.kind, 0) + 1
        return found


def refusal_of(act: object) -> Refusal:
    with pytest.raises(CannotGoOn) as refused:
        act()  # type: ignore[operator]
    return refused.value.refusal


class TestBringing:
    def test_the_committee_reads_it_and_whoever_brought_it_and_nobody_else(self, here: Disputes) -> None:
        matter_id = bring(here)
        for who in (here.bringer, *here.panel):
            assert reads(matter_id, here.group, who) == {"words": 1}
        outside = [
            here.party, *here.others, make_holder("chairperson", here.group), make_holder("administration", here.network),
            make_holder("disputes", here.group),
        ]  # fmt: skip
        for who in outside:
            assert seen(matter_id, here.group, who) is None

    def test_parties_their_office_mates_and_whoever_let_them_in_lately_step_aside(
        self, here: Disputes
    ) -> None:
        mate, guest = somebody(here.group, "disputes"), somebody(here.group, "disputes")
        with in_scope(here.group):
            a_term(own_member(here.party.id), "facilitator")
            a_term(own_member(mate.id), "facilitator")
            db.session.execute(
                sa.text(
                    "insert into audit_events (id, group_id, event, subject_id, account_id, at)"
                    " select gen_random_uuid(), group_id, 'member.added', id, :by, now() from members where account_id = :who"
                ),
                {"by": here.bringer.id, "who": guest.id},
            )
        matter = seen(bring(here), here.group, here.bringer)
        assert matter
        assert set(matter.panel) == {one.id for one in here.panel}
        sits_too(here.party, here.group)  # about one of the committee: all of them are office-mates
        assert refusal_of(lambda: bring(here)) is Refusal.NOBODY_TO_HEAR

    def test_whoever_invited_somebody_lately_is_near_to_them(self, here: Disputes) -> None:
        host, old = here.panel[:2]
        with in_scope(here.group):
            invited = (
                "insert into invitations (id, group_id, kind, member_id, language, made_by, made_at, expires_at, accepted_at, accepted_by)"
                " values (gen_random_uuid(), scope.group_id(), 'member', :of, 'en', :by, now() - interval '100 days', now(), :at, :who)"
            )
            lately, before = clock.now() - timedelta(days=80), clock.now() - timedelta(days=95)
            party = {"who": here.party.id}
            db.session.execute(sa.text(invited), {**party, "of": None, "by": host.id, "at": lately})
            db.session.execute(sa.text(invited), {**party, "of": None, "by": old.id, "at": before})
            # To give somebody a way to sign in who has long been a member is not to let them in.
            known = {**party, "of": own_member(here.party.id).id, "by": here.panel[2].id, "at": lately}
            db.session.execute(sa.text(invited), known)
        matter = seen(bring(here), here.group, here.bringer)
        assert matter
        assert set(matter.panel) == {one.id for one in here.panel[1:]}

    def test_without_anybody_to_hear_it_nothing_is_kept(self) -> None:
        here = make_disputes(sitting=0)
        somebody(here.group, "disputes", key=False)
        assert refusal_of(lambda: bring(here)) is Refusal.NOBODY_TO_HEAR

    def test_whoever_has_no_key_types_their_password_first(self, here: Disputes) -> None:
        who = somebody(here.group, key=False)
        assert refusal_of(lambda: bring(here, by=who)) is Refusal.NO_KEY

    def test_whoever_comes_to_the_committee_later_sees_nothing_and_whoever_leaves_it_goes_on(
        self, here: Disputes
    ) -> None:
        matter_id = bring(here)
        later = somebody(here.group, "disputes")
        with in_scope(here.group):
            db.session.execute(
                sa.text(
                    "update role_assignments set ends_at = now() where account_id = :a and role = 'disputes'"
                ),
                {"a": here.panel[0].id},
            )
        assert seen(matter_id, here.group, later) is None
        assert reads(matter_id, here.group, here.panel[0]) == {"words": 1}


class TestGoingOn:
    def test_notes_are_the_panels_alone_and_telling_shows_what_was_written_for_them(
        self, here: Disputes
    ) -> None:
        matter_id = heard(here)
        with in_scope(here.group, here.panel[1]):
            commands.tell(
                queries.get_matter(matter_id), here.party.id, SAID, by=here.panel[1].id, now=clock.now()
            )
        assert reads(matter_id, here.group, here.bringer) == {"words": 1}
        assert reads(matter_id, here.group, here.party) == {"told": 1}
        assert reads(matter_id, here.group, here.panel[2]) == {"words": 1, "notes": 1, "told": 1}
        assert seen(matter_id, here.group, here.party) is None
        with in_scope(here.group, here.party):
            (told,) = queries.told_to(here.party.id)
            assert queries.destroyed_on(told)
            assert len(queries.texts_of(matter_id)) == 1

    def test_nobody_of_the_panel_is_told_nor_whoever_brought_it(self, here: Disputes) -> None:
        matter_id = heard(here)
        for who in (here.bringer, here.panel[1]):
            with in_scope(here.group, here.panel[0]):
                matter = queries.get_matter(matter_id)
                refused = refusal_of(
                    lambda m=matter, w=who: commands.tell(m, w.id, SAID, by=here.panel[0].id, now=clock.now())
                )
                assert refused is Refusal.CONCERNED

    def test_nobody_is_told_while_one_of_the_panel_is_near_to_them(self, here: Disputes) -> None:
        matter_id, near, other = heard(here), here.panel[1], somebody(here.group)
        with in_scope(here.group):
            for one in (other, near):
                a_seat(own_member(one.id), "facilitator", now=clock.now())
        assert refusal_of(lambda: tell(here, matter_id, who=other)) is Refusal.NEAR_SITS
        with in_scope(here.group, near):
            commands.step_aside(queries.get_matter(matter_id))
        tell(here, matter_id, who=other)
        assert reads(matter_id, here.group, other) == {"told": 1}

    def test_an_outcome_needs_two_and_then_those_concerned_read_it(self, here: Disputes) -> None:
        matter_id, on = heard(here), (clock.now() + timedelta(days=30)).date()
        one, two = here.panel[:2]
        with in_scope(here.group, one):
            commands.tell(queries.get_matter(matter_id), here.party.id, SAID, by=one.id, now=clock.now())
            commands.propose_outcome(
                queries.get_matter(matter_id), SAID, review_on=on, by=one.id, now=clock.now()
            )
        assert reads(matter_id, here.group, here.bringer) == {"words": 1}
        mine, theirs = private_of(one), private_of(two)
        with in_scope(here.group, one):
            again = refusal_of(
                lambda: commands.agree_outcome(
                    queries.get_matter(matter_id),
                    latest_outcome(matter_id),
                    private=mine,
                    by=one.id,
                    now=clock.now(),
                )
            )
            assert again is Refusal.OWN_OUTCOME
        with in_scope(here.group, two):
            commands.agree_outcome(
                queries.get_matter(matter_id),
                latest_outcome(matter_id),
                private=theirs,
                by=two.id,
                now=clock.now(),
            )
        matter = seen(matter_id, here.group, here.bringer)
        assert matter
        assert (matter.state, matter.review_on) == (MatterState.AGREED, on)
        assert reads(matter_id, here.group, here.bringer) == {"words": 1, "outcome": 1}
        assert reads(matter_id, here.group, here.party) == {"told": 1, "outcome": 1}

    def test_looked_at_again_on_its_day_then_closed_and_its_day_is_fixed(self, here: Disputes) -> None:
        then = clock.now() - timedelta(days=40)
        matter_id, who = agreed(here, now=then), here.panel[0]
        with in_scope(here.group, who):
            matter = queries.get_matter(matter_id)
            early = refusal_of(
                lambda: commands.review(matter, SAID, again_on=None, by=who.id, now=then + timedelta(days=1))
            )
            assert early is Refusal.TOO_EARLY
            commands.review(
                matter, SAID, again_on=(clock.now() + timedelta(days=5)).date(), by=who.id, now=clock.now()
            )
            assert matter.state == MatterState.REVIEWED
            commands.review(matter, SAID, again_on=None, by=who.id, now=clock.now() + timedelta(days=6))
            assert matter.state == MatterState.REVIEWED
            mine = private_of(who)
            again = refusal_of(
                lambda: commands.close(
                    matter, latest_review(matter_id), private=mine, by=who.id, now=clock.now()
                )
            )
            assert again is Refusal.ALREADY
        another, theirs = here.panel[1], private_of(here.panel[1])
        with in_scope(here.group, another):
            matter = queries.get_matter(matter_id)
            stale = refusal_of(
                lambda: commands.close(
                    matter, latest_outcome(matter_id), private=theirs, by=another.id, now=clock.now()
                )
            )
            assert stale is Refusal.NOT_NOW
            commands.close(
                matter,
                latest_review(matter_id),
                private=theirs,
                by=another.id,
                now=clock.now() + timedelta(days=6),
            )
            assert matter.state == MatterState.CLOSED
            assert timedelta(94) <= matter.destroy_on - clock.now().date() <= timedelta(97)
        assert reads(matter_id, here.group, here.panel[1])["review"] == 2
        assert "review" not in reads(matter_id, here.group, here.bringer)


class TestSteppingAside:
    def test_whoever_steps_aside_sees_nothing_any_more_and_one_alone_cannot_go_on(self) -> None:
        here = make_disputes(sitting=2)
        matter_id = heard(here)
        one, two = here.panel
        with in_scope(here.group, one):
            commands.step_aside(queries.get_matter(matter_id))
        assert seen(matter_id, here.group, one) is None
        assert reads(matter_id, here.group, one) == {}
        with in_scope(here.group, two):
            matter = queries.get_matter(matter_id)
            refused = refusal_of(
                lambda: commands.tell(matter, here.party.id, SAID, by=two.id, now=clock.now())
            )
            assert refused is Refusal.TOO_FEW
            commands.note_down(matter, SAID, by=two.id, now=clock.now())


class TestHelpFromAnotherGroup:
    def seat(self, here: Disputes, matter_id: uuid.UUID, comes: Account) -> None:
        ask(here, matter_id)
        self.seat_asked(here, matter_id, comes)

    def seat_asked(self, here: Disputes, matter_id: uuid.UUID, comes: Account) -> None:
        one = here.panel[0]
        with in_scope(here.other, comes):
            (waits,) = queries.asks_waiting(comes.id)
            hearings.answer_ask(waits, accepts=True, by=comes.id, now=clock.now())
        assert seen(matter_id, here.other, comes) is None
        private = private_of(one)
        with in_scope(here.group, one):
            (waits,) = queries.asks_of(matter_id)
            hearings.seat(queries.get_matter(matter_id), waits, private=private, by=one.id, now=clock.now())

    def test_somebody_comes_reads_this_matter_from_their_own_group_and_can_agree(self) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        matter_id, comes = bring(here), here.others[1]
        another = bring(here)
        self.seat(here, matter_id, comes)
        assert reads(matter_id, here.other, comes) == {"words": 1}
        assert seen(another, here.other, comes) is None
        assert seen(matter_id, here.other, here.others[0]) is None
        with in_scope(here.other, comes):
            commands.note_down(queries.get_matter(matter_id), SAID, by=comes.id, now=clock.now())
            assert [one.id for one in queries.waiting_for(comes.id, clock.now().date())] == []
        matter = seen(matter_id, here.group, here.bringer)
        assert matter
        assert matter.state == MatterState.HEARD
        assert reads(matter_id, here.group, here.panel[0]) == {"words": 1, "notes": 1}

    def test_whoever_it_concerns_is_not_let_in(self) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        matter_id = bring(here)
        ask(here, matter_id)
        sits_too(here.party, here.other)
        assert refusal_of(lambda: self.seat_asked(here, matter_id, here.party)) is Refusal.CONCERNED

    def test_past_ones_own_committee_which_never_knows(self, here: Disputes) -> None:
        assert refusal_of(lambda: bring(here, to=here.other)) is Refusal.NOT_OFFERED
        offer(here)
        with in_scope(here.group):
            a_member("In both", account_id=here.others[0].id)
        matter_id = bring(here, to=here.other)
        assert reads(matter_id, here.group, here.bringer) == {"words": 1}
        assert reads(matter_id, here.other, here.others[1]) == {"words": 1}
        # Whoever is of both groups is somebody the member did not want to be heard by.
        assert seen(matter_id, here.other, here.others[0]) is None
        assert all(seen(matter_id, here.group, who) is None for who in (*here.panel, here.party))
        with in_scope(here.group, here.bringer):
            commands.take_back(queries.get_matter(matter_id), by=here.bringer.id)
        assert seen(matter_id, here.other, here.others[1]) is None

    def test_what_was_brought_past_a_group_is_never_asked_back_there(self, here: Disputes) -> None:
        offer(here)
        with in_scope(here.group, here.panel[0]):
            hearings.offer_to_hear(by=here.panel[0].id, now=clock.now())
        matter_id, hears = bring(here, to=here.other), here.others[0]
        private = private_of(hears)
        with in_scope(here.other, hears):
            matter, how = queries.get_matter(matter_id), {"private": private, "by": hears.id}
            assert hearings.groups_to_ask(matter, **how) == []
            refused = refusal_of(lambda: hearings.ask_group(matter, here.group.id, **how, now=clock.now()))
            assert refused is Refusal.NOT_OFFERED

    def test_nobody_of_a_group_of_somebody_concerned_comes(self) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        matter_id, another = bring(here), bring(here)
        ask(here, matter_id)
        give_role(here.party, "member", here.other)
        assert refusal_of(lambda: self.seat_asked(here, matter_id, here.others[0])) is Refusal.CONCERNED
        # And where it is known before, that group's committee does not even learn that somebody asks.
        assert refusal_of(lambda: ask(here, another)) is Refusal.NOT_OFFERED

    def test_what_one_noted_alone_counts_as_heard_once_somebody_came(self) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        matter_id, one = bring(here), here.panel[0]
        with in_scope(here.group, one):
            commands.note_down(queries.get_matter(matter_id), SAID, by=one.id, now=clock.now())
        self.seat(here, matter_id, here.others[0])
        matter = seen(matter_id, here.group, one)
        assert matter
        assert matter.state == MatterState.HEARD


class TestALostPassword:
    def test_opens_nothing_until_somebody_else_of_the_panel_lets_them_in(self, here: Disputes) -> None:
        matter_id, (one, two, _) = heard(here), here.panel
        for who, before in ((one, {"words": 1, "notes": 1}), (here.bringer, {"words": 1})):
            forget_password(who)
            assert reads(matter_id, here.group, who) == {}
            private = private_of(two)
            with in_scope(here.group, two):
                matter = queries.get_matter(matter_id)
                assert commands.let_in_again(matter, who.id, private=private, by=two.id) == len(before)
            assert reads(matter_id, here.group, who) == before
        with in_scope(here.group, two):
            matter = queries.get_matter(matter_id)
            refused = refusal_of(
                lambda: commands.let_in_again(matter, here.party.id, private=private, by=two.id)
            )
            assert refused is Refusal.NOT_NOW

    def test_brings_back_the_agreed_outcome_and_no_earlier_draft(self, here: Disputes) -> None:
        matter_id, (one, two, _) = heard(here), here.panel
        on, private = (clock.now() + timedelta(days=9)).date(), private_of(two)
        for _draft in range(2):
            with in_scope(here.group, one):
                commands.propose_outcome(
                    queries.get_matter(matter_id), SAID, review_on=on, by=one.id, now=clock.now()
                )
                read = latest_outcome(matter_id)
            if not _draft:
                stale = read
        with in_scope(here.group, two):
            matter = queries.get_matter(matter_id)
            old = refusal_of(
                lambda: commands.agree_outcome(matter, stale, private=private, by=two.id, now=clock.now())
            )
            assert old is Refusal.NOT_NOW
            late = clock.now() + timedelta(days=10)
            assert (
                refusal_of(lambda: commands.agree_outcome(matter, read, private=private, by=two.id, now=late))
                is Refusal.BAD_DAY
            )
            commands.agree_outcome(matter, read, private=private, by=two.id, now=clock.now())
        forget_password(here.bringer)
        with in_scope(here.group, two):
            matter = queries.get_matter(matter_id)
            assert commands.let_in_again(matter, here.bringer.id, private=private, by=two.id) == 2
        assert reads(matter_id, here.group, here.bringer) == {"words": 1, "outcome": 1}

    def test_agrees_with_nothing_it_cannot_open(self, here: Disputes) -> None:
        matter_id, (one, two, _) = heard(here), here.panel
        with in_scope(here.group, one):
            on = (clock.now() + timedelta(days=9)).date()
            commands.propose_outcome(
                queries.get_matter(matter_id), SAID, review_on=on, by=one.id, now=clock.now()
            )
        forget_password(two)
        private = private_of(two)
        with in_scope(here.group, two):
            matter = queries.get_matter(matter_id)
            refused = refusal_of(
                lambda: commands.agree_outcome(
                    matter, latest_outcome(matter_id), private=private, by=two.id, now=clock.now()
                )
            )
            assert refused is Refusal.LOST_KEY


class TestTakingBack:
    def test_until_an_outcome_is_agreed(self, here: Disputes) -> None:
        matter_id, other = heard(here), agreed(here)
        with in_scope(here.group, here.bringer):
            refused = refusal_of(lambda: commands.take_back(queries.get_matter(other), by=here.bringer.id))
            assert refused is Refusal.NOT_NOW
        with in_scope(here.group, here.bringer):
            commands.take_back(queries.get_matter(matter_id), by=here.bringer.id)
        assert seen(matter_id, here.group, here.panel[0]) is None
        with in_scope(here.group, here.panel[0]):
            assert queries.texts_of(matter_id) == []
            assert queries.find_text(other, TextKind.OUTCOME)


class TestBeingForgotten:
    def test_takes_back_what_one_brought_and_steps_aside_from_what_one_hears(self, here: Disputes) -> None:
        one, (hears, other, _) = heard(here), here.panel
        left = agreed(here)
        for who in (hears, here.bringer):
            with in_scope(here.group, who):
                commands.forget_in_matters(Me(who.id), now=clock.now())
                commands.forget_in_matters(Me(who.id), now=clock.now())
        assert seen(one, here.group, other) is None
        assert seen(left, here.group, hears) is None
        assert seen(left, here.group, other)

    def test_in_one_group_leaves_what_is_elsewhere(self, here: Disputes) -> None:
        offer(here)
        past = bring(here, to=here.other)
        third = make_group(here.network)
        for who in (here.bringer, here.panel[0]):
            give_role(who, "member", third)
        matter_id = heard(here)
        for who in (here.bringer, here.panel[0]):
            with in_scope(third, who):
                commands.forget_in_matters(Me(who.id), now=clock.now())
            assert seen(matter_id, here.group, who)
        assert seen(past, here.other, here.bringer)
        with in_scope(third, here.bringer):  # as when all of it goes, place by place
            db.session.execute(
                sa.text("delete from role_assignments where account_id = :a and group_id = :g"),
                {"a": here.bringer.id, "g": third.id},
            )
        with in_scope(here.group, here.bringer):
            commands.forget_in_matters(Me(here.bringer.id), now=clock.now())
        assert seen(past, here.other, here.others[0]) is None

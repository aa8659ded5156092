"""kill -9 while a result falls: it has fallen and every right went back, or nothing happened."""

from groups.challenges import commands, queries
from groups.elections.models import ElectionState
from groups.elections.queries import get_election
from groups.officers.queries import present_terms
from network import clock
from tests.factories.challenges import a_challenge, a_committee, a_declared_result, an_answer
from tests.support.app import in_scope
from tests.support.killing import whole_or_not_at_all


def test_a_result_falls_wholly_or_not_at_all(app: object) -> None:
    here = a_declared_result()
    first, second = a_committee(here)
    made = a_challenge(here)
    an_answer(here, made, first, upholds=True)

    def answer() -> str:
        asked = queries.get_challenge(made)
        return commands.answer_challenge(here.group, asked, upholds=True, by=second, now=clock.now())

    assert whole_or_not_at_all(answer, group=here.group, account=second) == "upheld"
    with in_scope(here.group):
        assert get_election(here.election_id).state == ElectionState.VOID
        assert [term.member.account_id for term in present_terms()] == [here.old]

"""The locks of a cohort: everything about its round and its terms is decided one after another."""

from agano_dx.lib.locks import told_when_held
from leaders.models import Cohort, LeaderTerm


def lock_cohort(cohort_id: int) -> Cohort:
    """The cohort, locked until the transaction ends."""
    with told_when_held():
        return Cohort.objects.select_for_update().get(pk=cohort_id)


def lock_term(term: LeaderTerm) -> LeaderTerm:
    """The term as it stands now, its cohort locked first."""
    lock_cohort(term.cohort_id)
    return (
        LeaderTerm.objects.select_for_update(of=("self",))
        .select_related("cohort", "staff", "department")
        .get(pk=term.pk)
    )

"""What stands in the diary as codes, in whole sentences: the ground floor’s part."""

from flask_babel import lazy_gettext as _l

EVENTS = {
    "listing.changed": _l("The group’s card for the public finder was changed."),
    "listing.published": _l("The group’s card was shown to the public."),
    "listing.taken_down": _l("The group’s card was taken down."),
    "enquiry.received": _l("A question came from somebody without an account."),
    "enquiry.erased": _l("A question from outside was erased."),
    "figures.published": _l("The quarter’s figures were sent to the network."),
    "invitation.given": _l("Somebody was invited."),
    "invitation.withdrawn": _l("An invitation was taken back."),
    "invitation.accepted": _l("An invitation was accepted."),
    "application.answered": _l("Somebody who wants to start a group was answered."),
    "application.opened": _l("A group was opened for somebody who had asked."),
    "application.invited_again": _l("Whoever starts a group was sent the invitation once more."),
    "onboarding_step.added": _l("A step for new groups was added."),
    "onboarding_step.worded": _l("A step for new groups was worded differently."),
    "onboarding_step.switched_on": _l("A step for new groups was taken up again."),
    "onboarding_step.switched_off": _l("A step for new groups was left out from then on."),
    "onboarding_step.moved": _l("The steps for new groups were put in another order."),
    "onboarding_step.done": _l("A step of a new group was marked as done."),
    "onboarding_step.undone": _l("A step of a new group was marked as not done after all."),
    "translation.asked": _l("A volunteer was asked to translate something."),
    "translation.withdrawn": _l("What a volunteer was asked to translate was taken back."),
    "support.asked": _l("The network was asked for support."),
    "support.answered": _l("A group that asked for support was answered."),
    "support.settled": _l("What was asked of the network was settled."),
    "support.withdrawn": _l("What was asked of the network was taken back."),
}

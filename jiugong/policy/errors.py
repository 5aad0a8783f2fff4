"""This room's refusals: what a policy pack cannot answer, and why."""

from jiugong.lib.refusal import Refusal


class PolicyRefusal(Refusal):
    """A policy pack was asked something that it does not answer."""

    code = "policy.refused"


class BadPack(PolicyRefusal):
    """A pack is not written as packs are; nothing of it is used."""

    code = "policy.bad_pack"
    message = "%(file)s, line %(line)s: %(what)s %(do)s"


class NotInForce(PolicyRefusal):
    """On the day that was asked about, the rule did not hold yet or held no longer. There is no default."""

    code = "policy.not_in_force"
    message = ("%(question)s in %(release)s is not in force on %(day)s; it holds %(held)s. "
               "Ask about a day on which it holds, or ask another release.")


class SilentOnPurpose(NotInForce):
    """The release knows the question, and leaves it open on purpose; the reason is given."""

    message = "%(release)s leaves %(question)s open on purpose: %(held)s"


class UnknownPack(PolicyRefusal):
    """There is no policy pack of this name."""

    code = "policy.unknown_pack"
    message = "There is no policy pack %(pack)s. There are: %(known)s."


class UnknownQuestion(PolicyRefusal):
    """The release has no rule of this name."""

    code = "policy.unknown_question"
    message = "%(release)s has no rule %(question)s. It has: %(known)s."


class FactMissing(PolicyRefusal):
    """A rule needs a fact that was not given."""

    code = "policy.fact_missing"
    message = "%(question)s needs the fact %(fact)s. Give it."


class FactUnreadable(PolicyRefusal):
    """A fact was given in a form that the rule cannot read."""

    code = "policy.fact_unreadable"
    message = "The fact %(fact)s is given as %(found)s. Write it like this: %(needed)s."

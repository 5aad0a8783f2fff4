"""Refusals of the journal: of channels, of what is sent, and of notices."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class ChannelUnknown(Refusal):
    code = "journal.channel_unknown"
    message = _("There is no such channel here. Load the list of channels again.")


class ChannelMisshapen(Refusal):
    code = "journal.channel_misshapen"
    message = _("%(field)s of the channel is missing or cannot be read. Correct it and save it again.")


class ChannelExists(Refusal):
    code = "journal.channel_exists"
    message = _("A channel is called %(name)s already. Give this one another name.")


class GatewayNotListed(Refusal):
    code = "journal.gateway_not_listed"
    message = _("This server may not send to %(origin)s. Let whoever runs it add that to JIUGONG_GATEWAYS, then save it again.")


class MailNotSetUp(Refusal):
    code = "journal.mail_not_set_up"
    message = _("This server has no mail server yet. Let whoever runs it set JIUGONG_SMTP_URL and JIUGONG_MAIL_FROM.")


class DeliveryUnknown(Refusal):
    code = "journal.delivery_unknown"
    message = _("There is no such delivery here. Load the list again.")


class DeliveryNotYours(Refusal):
    code = "journal.nothing_to_decide"
    message = _("Nothing is to be decided about this delivery: it is %(stage)s. Load the list again.")


class WordsMisshapen(Refusal):
    code = "journal.words_misshapen"
    message = _("The words cannot be used because of %(places)s. The places for title and link must be in them, park and kind "
                "may be.")


class AddressMisshapen(Refusal):
    code = "journal.address_misshapen"
    message = _("%(address)s is no mail address or phone number. Write it again, or leave it empty.")


class ReceiptUnknown(Refusal):
    code = "journal.receipt_unknown"
    message = _("This receipt belongs to nothing that was sent here.")


class NoticeUnknown(Refusal):
    code = "journal.notice_unknown"
    message = _("There is no such notice here. Load the list of notices again.")


class NoticeMisshapen(Refusal):
    code = "journal.notice_misshapen"
    message = _("%(field)s of the notice is missing or cannot be read. Correct it and send it again.")


class NoticeReachesNobody(Refusal):
    code = "journal.notice_reaches_nobody"
    message = _("Nobody is reached by what was chosen, within what you may reach. Choose more, then look at the preview again.")


class NoticeIdReused(Refusal):
    code = "journal.notice_id_reused"
    message = _("Notice %(client_id)s was sent before with other words. Give every notice an id of its own.")


class KeeperCannotSee(Refusal):
    code = "journal.keeper_cannot_see"
    message = _("%(name)s does not reach everybody whom this notice reaches, and could not make sure that it arrives. "
                "Choose somebody who does, or yourself.")


class AttachmentNotTaken(Refusal):
    code = "journal.attachment_not_taken"
    message = _("%(file)s is not taken: attach a PDF, a Word document (.docx), a PNG or a JPEG of at most %(megabytes)s MB.")


class NothingToAcknowledge(Refusal):
    code = "journal.nothing_to_acknowledge"
    message = _("This notice was not written to you, or it asks for no acknowledgement. Load your messages again.")


class AddressNotThere(Refusal):
    code = "journal.address_not_there"
    message = _("There is no such address that waits. Enter it first, then ask again.")


class NoWayThere(Refusal):
    code = "journal.no_way_there"
    message = _("This park has no channel that reaches such an address, or this server does not know its own address "
                "(JIUGONG_ADDRESS). Ask the park office.")


class AskedTooOften(Refusal):
    code = "journal.asked_too_often"
    message = _("This address was asked several times in the last hour. Wait an hour, then ask again.")


class SaidByHimself(Refusal):
    code = "journal.said_by_himself"
    message = _("He has said himself where he is reached. Only he changes it, on his page “Where I am reached”.")

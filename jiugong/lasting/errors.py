"""What the room refuses, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class NotABackup(Refusal):
    code = "lasting.not_a_backup"
    message = _("%(file)s is not a backup of Jiugong. Choose a file that `jiugong backup` wrote.")


class BackupDamaged(Refusal):
    code = "lasting.backup_damaged"
    message = _("%(file)s was changed or is not whole (%(member)s). Nothing was restored; take another copy of it, "
                "or an older backup.")


class BackupOfAnotherStore(Refusal):
    code = "lasting.backup_of_another_store"
    message = _("%(file)s was made on %(theirs)s, and this installation is on %(ours)s. Set JIUGONG_DATABASE_URL to a database "
                "of that kind, or leave it empty for SQLite.")


class BackupNewer(Refusal):
    code = "lasting.backup_newer"
    message = _("%(file)s was made by a newer version (%(version)s; unknown here: %(steps)s). Install that version, then restore.")


class BackupKeysMissing(Refusal):
    code = "lasting.backup_keys_missing"
    message = _("%(file)s was sealed with a key that is not in %(keys)s. Put the key ring of that installation there "
                "(key-ring.json, session-key), then restore again.")


class PassphraseWrong(Refusal):
    code = "lasting.passphrase_wrong"
    message = _("The passphrase does not open the keys in %(file)s. Type the one with which the backup was made.")


class PassphraseShort(Refusal):
    code = "lasting.passphrase_short"
    message = _("A passphrase that guards all keys has %(least)s signs or more. Choose a longer one, such as six words.")


class NotEmpty(Refusal):
    code = "lasting.not_empty"
    message = _("This installation holds data already (%(table)s: %(rows)s rows), and a backup is restored into an empty one only. "
                "Set JIUGONG_HOME (and on PostgreSQL JIUGONG_DATABASE_URL) to an empty place, then restore again.")


class NoBackupYet(Refusal):
    code = "lasting.no_backup_yet"
    message = _("There is no backup here yet to try. Make one with `jiugong backup FILE`.")


class DrillFailed(Refusal):
    code = "lasting.drill_failed"
    message = _("The drill of %(file)s failed: %(why)s")


# endings and erasures -------------------------------------------------------------------------------------------------

class AlreadyProposed(Refusal):
    code = "lasting.already_proposed"
    message = _("This was proposed or released already. Look at what stands there, and withdraw it first if it is wrong.")


class NothingProposed(Refusal):
    code = "lasting.nothing_proposed"
    message = _("Nothing is proposed here. Somebody who may has to propose it first.")


class OnePersonTwice(Refusal):
    code = "lasting.one_person_twice"
    message = _("%(name)s proposed it and cannot release it as well. Ask a second person.")


class KeysInOneHand(Refusal):
    code = "lasting.keys_in_one_hand"
    message = _("In the last %(days)s days one of the two made the other's account or gave it a new way in, so it does not count "
                "as a second person. Ask somebody else.")


class ReasonMissing(Refusal):
    code = "lasting.reason_missing"
    message = _("Say in a few words why, such as the notice that ends it.")


class EndsTooLate(Refusal):
    code = "lasting.ends_too_late"
    message = _("An emergency that ends after today has not ended. Choose a day until today.")


class EmergencyGoesOn(Refusal):
    code = "lasting.emergency_goes_on"
    message = _("The emergency of this park has not ended. One person says that it has, another confirms it; then what was kept "
                "can be erased.")


class AuditorMissing(Refusal):
    code = "lasting.auditor_missing"
    message = _("Name who stands by: an auditor, an office or a notary.")


class ListMoved(Refusal):
    code = "lasting.list_moved"
    message = _("What would go is not what was proposed any more (%(then)s, now %(now)s). Propose it again, then release that "
                "list.")


class TwoNamesNeeded(Refusal):
    code = "lasting.two_names_needed"
    message = _("Erasing takes two people: name them with --proposed-by and --released-by, and who stands by with --auditor. "
                "--dry-run shows the list and changes nothing.")


class StoreBusy(Refusal):
    code = "lasting.store_busy"
    message = _("Others are using the database, so its file could not be swept yet. What was erased stays erased; stop the server, "
                "or wait, then run `jiugong erase --park NAME` again.")


# objections -----------------------------------------------------------------------------------------------------------

class ObjectionUnclear(Refusal):
    code = "lasting.objection_unclear"
    message = _("Say to what you object, and in a few words why.")


class TooManyObjections(Refusal):
    code = "lasting.too_many_objections"
    message = _("%(count)s objections of yours wait for an answer. Wait for it, or speak to the office.")


class AnsweredBefore(Refusal):
    code = "lasting.answered_before"
    message = _("This objection was answered already. Look at the answer that stands there.")


class AnswerUnclear(Refusal):
    code = "lasting.answer_unclear"
    message = _("Say yes or no to the objection, and give the reason: whoever objected reads it.")

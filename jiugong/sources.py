"""What one room keeps and another asks for: the asking room opens a named question, this page says who answers it."""

from jiugong.accounts import keeping as accounts_kept
from jiugong.accounts.questions import ask_last_deeds_of, ask_last_looks_of
from jiugong.briefs import keeping as briefs_kept
from jiugong.briefs.columns import figure_in_words
from jiugong.briefs.figures import FIGURES
from jiugong.briefs.questions import ask_for_matters
from jiugong.closing import keeping as closing_kept
from jiugong.closing.queries.days import is_sealed
from jiugong.duties import keeping as duties_kept
from jiugong.duties import matters as duties
from jiugong.duties.queries import excused_people
from jiugong.duties.queries.returnees import announced_on
from jiugong.duties.queries.training import trainings_for
from jiugong.duties.questions import ask_for_evidence
from jiugong.journal import keeping as journal_kept
from jiugong.journal import matters as telling
from jiugong.journal.queries.entries import last_deeds_of, last_looks_of
from jiugong.journal.words import ask_for_words
from jiugong.lasting import keeping as lasting_kept
from jiugong.lasting import matters as lasting
from jiugong.lib.keeping import add_tables
from jiugong.registry import keeping as registry_kept
from jiugong.registry.sealed import SealedColumn, add_sealed
from jiugong.rulebook import keeping as rulebook_kept
from jiugong.rulebook import matters as rulebook
from jiugong.rulebook.wording import EVIDENCE
from jiugong.rulebook.words import AreaLevel, ParkPlanKind, Regime, Risk
from jiugong.screening import box_matters as boxes
from jiugong.screening import conflict_matters as conflicts
from jiugong.screening import keeping as screening_kept
from jiugong.screening import matters as screening
from jiugong.screening.queries.positive import tests_taken
from jiugong.screening.queries.tubes import specimens_taken
from jiugong.screening.questions import ask_excused_people_of, ask_trainings_of
from jiugong.screening.words import ConflictKind, Verdict
from jiugong.tracing import doubt_matters as doubts
from jiugong.tracing import keeping as tracing_kept
from jiugong.tracing import matters as incidents
from jiugong.tracing import risk_matters as at_risk
from jiugong.tracing.questions import ask_announced_of, ask_tests_of, ask_whether_closed_of
from jiugong.tracing.sentences import ENDED
from jiugong.tracing.words import ContactClass, OrderKind, StepKind
from jiugong.work import keeping as work_kept
from jiugong.work.models import Job

ask_last_deeds_of(last_deeds_of)                       # a review of access asks when an account last did something
ask_last_looks_of(last_looks_of)                       # and when it last looked at somebody's number
ask_for_evidence("specimen", specimens_taken)          # a duty whose evidence is a swab is answered by screening
ask_excused_people_of(excused_people)                  # a round leaves out whom duties excuse
ask_trainings_of(trainings_for)                        # a point knows which of its staff are trained
ask_tests_of(tests_taken)                              # whoever is under control owes tests: screening knows which were taken
ask_announced_of(announced_on)                         # who comes back, as units announce it, is asked where he was
ask_for_matters(duties.matters)                        # the board shows which lists are late and what waits to be checked
ask_for_matters(rulebook.matters)                      # and which plans are to be written anew
ask_for_matters(screening.matters)                     # and whose results are overdue
ask_for_matters(conflicts.matters)                     # which scans cannot all be right
ask_for_matters(doubts.matters)                        # which lines of the roster are to be verified
ask_for_matters(lasting.matters)                       # who objects, what is to be erased, which backups are missing
ask_for_matters(incidents.matters)                     # which steps of an incident are late, what waits for a hand
ask_for_matters(boxes.matters)                         # which boxes are late, which counts do not agree
ask_for_matters(at_risk.matters)                       # who was flagged and is not found, who comes back and is not asked
ask_for_matters(telling.matters)                       # what could not be sent, which notices are due and not read by all
ask_whether_closed_of(is_sealed)                       # closed days go into the history's files, and no others
ask_for_words(EVIDENCE)                                # the journal reads what higher rooms note
for known in (Regime, Risk, AreaLevel, ParkPlanKind, ConflictKind, Verdict, OrderKind, ContactClass, StepKind):
    ask_for_words(dict(known.choices))
ask_for_words(ENDED)                                   # why an order or a case ended
ask_for_words({figure.key: figure_in_words(figure) for figure in FIGURES})     # why a figure was opened is its name
add_sealed(SealedColumn(Job, "asked_sealed", "work_job.asked"),     # turned with all other keys, though its room knows nobody
           SealedColumn(Job, "answer_sealed", "work_job.answer"))
for room in (work_kept, registry_kept, accounts_kept, journal_kept, rulebook_kept, duties_kept, screening_kept, tracing_kept,
             lasting_kept, closing_kept, briefs_kept):
    add_tables(*room.TABLES)                           # what is kept, why and how long; the closed day and erasure go by it

"""A worker's own page, below /me/: the code in the address is the key, and there is no account."""

from django.urls import path

from jiugong.standing.views import checking_in, notices, stays, whereabouts, worker, worker_kept, worker_orders

urlpatterns = [
    path("", worker.start, name="me-start"),
    path("<str:shown>", worker.own, name="me"),
    path("<str:shown>/open", worker.answer_the_door, name="me-open"),
    path("<str:shown>/report", worker.report, name="me-report"),
    path("<str:shown>/antigen", worker.antigen, name="me-antigen"),
    path("<str:shown>/read", worker.read, name="me-read"),
    path("<str:shown>/check-in", checking_in.checking_in, name="me-check-in"),
    path("<str:shown>/leave", checking_in.leaving, name="me-leave"),
    path("<str:shown>/whereabouts", whereabouts.own_days, name="me-days"),
    path("<str:shown>/kept", worker_kept.kept, name="me-kept"),
    path("<str:shown>/object", worker_kept.objecting, name="me-object"),
    path("<str:shown>/copy", worker_kept.copy, name="me-copy"),
    path("<str:shown>/orders/<uuid:uid>/object", worker_orders.objected, name="me-order-object"),
    path("<str:shown>/stays", stays.stays, name="me-stays"),
    path("<str:shown>/stays/<int:stay>/withdraw", stays.withdraw, name="me-stay-withdraw"),
    path("<str:shown>/notices/<uuid:uid>", notices.notice, name="me-notice"),
    path("<str:shown>/notices/<uuid:uid>/open", notices.opened, name="me-notice-open"),
    path("<str:shown>/notices/<uuid:uid>/acknowledge", notices.acknowledged, name="me-notice-acknowledge"),
    path("<str:shown>/notices/<uuid:uid>/file", notices.file, name="me-notice-file"),
]

from django.urls import path

from jiugong.duties.views import checks, entry, lists, returnees, today, training

urlpatterns = [
    path("duties/", today.duties, name="duties"),
    path("duties/owed/<str:key>/", today.duty, name="duty"),
    path("duties/record/<str:kind>/", entry.record_evidence, name="record-evidence"),
    path("duties/evidence/", lists.evidence, name="evidence"),
    path("duties/checks/", checks.checks, name="checks"),
    path("duties/checks/<int:evidence>/", checks.check_evidence, name="check-evidence"),
    path("duties/excuses/", lists.excuses, name="excuses"),
    path("duties/excuses/<int:excuse>/withdraw/", lists.withdraw_excuse, name="excuse-withdraw"),
    path("duties/remote/", lists.remote, name="remote"),
    path("duties/training/import/", training.import_training_file, name="training-import"),
    path("duties/returnees/", returnees.returnees, name="returnees"),
    path("duties/returnees/<int:evidence>/", returnees.returnee_list, name="returnee-list"),
]

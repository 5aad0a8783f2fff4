"""The rulebook's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.rulebook.views import adopting, comparing, deciding, plans, rules, supplements, tiers

urlpatterns = [
    path("rules", rules.rules, name="rules"),
    path("rules/packs", rules.packs, name="packs"),
    path("rules/compare", comparing.compare_packs, name="compare-packs"),
    path("rules/adopting", adopting.adopting, name="adopting"),
    path("rules/adopting/names", adopting.names, name="adopting-names"),
    path("rules/local", supplements.supplements, name="supplements"),
    path("rules/local/new", supplements.new, name="supplement-new"),
    path("rules/local/<int:pk>", supplements.one, name="supplement"),
    path("rules/<str:key>", rules.rule_pack, name="rule-pack"),
    path("plans", plans.plans, name="plans"),
    path("plans/<str:what>", plans.plan, name="plan"),
    path("plans/<str:what>/edit", plans.edit, name="plan-edit"),
    path("plans/<str:what>/decide", plans.decide, name="plan-decide"),
    path("plans/<str:what>/pdf", plans.paper, name="plan-pdf"),
    path("gradings", deciding.gradings, name="gradings"),
    path("zonings", deciding.zonings, name="zonings"),
    path("zonings/<int:pk>/lift", deciding.lift_one, name="zoning-lift"),
    path("tiers", tiers.tiers, name="tiers"),
    path("tiers/names", tiers.names, name="tier-names"),
    path("tiers/round", tiers.targeted_round, name="tier-round"),
]

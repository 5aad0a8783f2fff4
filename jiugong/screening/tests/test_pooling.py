"""Which tubes: the arithmetic of pooling, by the numbers that are published and by laws."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.screening.errors import ClusteringImpossible, PeopleImpossible, PoolNotValidated, PrevalenceImpossible
from jiugong.screening.logic.pooling import Pool, advise, positive_tube, total
from jiugong.screening.logic.pools import POOL_SIZES
from jiugong.screening.queries.advising import MOST_PEOPLE, pool_question

pytestmark = pytest.mark.pure
parts = st.fractions(min_value=Fraction(1, 10_000), max_value=Fraction(9_999, 10_000), max_denominator=10_000)
clusterings = st.fractions(min_value=0, max_value=1, max_denominator=100)
sizes = st.sampled_from(POOL_SIZES)


def a_pool(size: int, prevalence: str, clustering: str = "0") -> Pool:
    return Pool(size=size, positive=positive_tube(Fraction(prevalence), size, Fraction(clustering)))


@pytest.mark.parametrize(("size", "prevalence", "tests"), [
    (10, "0.001", "0.110"), (20, "0.001", "0.070"), (10, "0.01", "0.196"), (20, "0.01", "0.232")])
def test_dorfmans_numbers_come_out(size: int, prevalence: str, tests: str) -> None:
    assert f"{float(a_pool(size, prevalence).tests):.3f}" == tests


def test_without_clustering_the_arithmetic_is_exactly_dorfmans() -> None:
    p = Fraction(1, 1000)
    for size in POOL_SIZES:
        assert a_pool(size, "0.001").tests == Fraction(1, size) + 1 - (1 - p) ** size


def test_of_one_in_a_hundred_twenty_loses_to_ten() -> None:
    assert advise(Fraction("0.01"), (10, 20)).recommended.size == 10
    assert advise(Fraction("0.001"), (10, 20)).recommended.size == 20


def test_where_a_third_is_positive_everybody_is_sampled_alone() -> None:
    advice = advise(Fraction("0.35"), POOL_SIZES)

    assert advice.recommended.size == 1
    assert all(pool.tests > 1 for pool in advice.pools)


def test_a_tube_that_falls_ill_as_a_whole_is_as_rare_as_one_person() -> None:
    assert {positive_tube(Fraction("0.02"), size, Fraction(1)) for size in POOL_SIZES} == {Fraction("0.02")}


def test_everybody_is_in_a_tube_also_who_is_left_over() -> None:
    whole = total(1_021, Fraction("0.001"), 20)

    assert whole.tubes == 52
    assert whole.held == 51 * 20 * positive_tube(Fraction("0.001"), 20) + Fraction("0.001")
    assert whole.tests == whole.tubes + whole.held


@given(low=parts, high=parts, size=sizes, clustering=clusterings)
def test_more_positives_never_need_fewer_tests_nor_hold_fewer(
        low: Fraction, high: Fraction, size: int, clustering: Fraction) -> None:
    low, high = sorted((low, high))

    assert positive_tube(low, size, clustering) <= positive_tube(high, size, clustering)


@given(prevalence=parts, size=sizes, few=clusterings, many=clusterings)
def test_more_clustering_never_makes_more_positive_tubes(
        prevalence: Fraction, size: int, few: Fraction, many: Fraction) -> None:
    few, many = sorted((few, many))

    assert positive_tube(prevalence, size, many) <= positive_tube(prevalence, size, few)


@given(prevalence=parts, clustering=clusterings)
def test_a_larger_tube_never_holds_fewer(prevalence: Fraction, clustering: Fraction) -> None:
    held = [pool.held for pool in advise(prevalence, POOL_SIZES, clustering).pools]

    assert held == sorted(held)


@given(prevalence=parts, clustering=clusterings, chosen=st.sets(sizes, min_size=1))
def test_what_is_recommended_needs_the_fewest_tests_or_where_none_saves_holds_the_fewest(
        prevalence: Fraction, clustering: Fraction, chosen: set[int]) -> None:
    advice = advise(prevalence, tuple(chosen), clustering)

    assert advice.recommended.size in chosen
    saving = [pool.tests for pool in advice.pools if pool.tests < 1]
    assert advice.recommended.tests == min(saving) if saving else advice.recommended.size == min(chosen)


@given(people=st.integers(1, 5_000), prevalence=parts, size=sizes, clustering=clusterings)
def test_no_more_are_held_than_there_are_and_no_fewer_than_are_positive(
        people: int, prevalence: Fraction, size: int, clustering: Fraction) -> None:
    whole = total(people, prevalence, size, clustering)

    assert people * prevalence <= whole.held <= people
    assert whole.tubes * size >= people > (whole.tubes - 1) * size


@pytest.mark.parametrize("given", ["0", "1", "-0.1", "nan", "inf", "abc", "", "1e999", "1e99999999999", "1/0", "2", "0" * 60])
def test_what_is_no_prevalence_is_refused(given: str) -> None:
    with pytest.raises(PrevalenceImpossible):
        pool_question(given)


@pytest.mark.parametrize("given", ["0.001", "1e-3", "1/1000", " 0.001 "])
def test_a_prevalence_may_be_written_in_several_ways(given: str) -> None:
    assert pool_question(given).prevalence == Fraction(1, 1000)


@pytest.mark.parametrize("given", ["-0.01", "1.01", "x", "nan"])
def test_what_is_no_clustering_is_refused(given: str) -> None:
    with pytest.raises(ClusteringImpossible):
        pool_question("0.001", clustering=given)


@pytest.mark.parametrize("given", ["0", "1"])
def test_both_ends_of_clustering_are_taken(given: str) -> None:
    assert pool_question("0.001", clustering=given).clustering == int(given)


@pytest.mark.parametrize("given", ["8", "30", "50", "0", "-5", "x", "9" * 80])
def test_a_size_that_is_not_validated_is_refused_with_the_reason(given: str) -> None:
    with pytest.raises(PoolNotValidated) as refused:
        pool_question("0.001", sizes=["10", given])

    assert refused.value.facts == {"size": given}
    assert "2022-06-09" in str(refused.value)


@pytest.mark.parametrize(("given", "taken"), [("1", True), (str(MOST_PEOPLE), True), (str(MOST_PEOPLE + 1), False), ("0", False),
                                              ("-3", False), ("1.5", False), ("x", False)])
def test_people_are_a_whole_number_from_one_on(given: str, taken: bool) -> None:
    if taken:
        assert pool_question("0.001", people=given).people == int(given)
    else:
        with pytest.raises(PeopleImpossible):
            pool_question("0.001", people=given)

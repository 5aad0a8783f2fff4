"""A text of a policy pack in the language of the reader."""

from django.utils.translation import get_language

from jiugong.policy.citations import Words


def in_language(words: Words) -> str:
    """Chinese for who reads Chinese, else English."""
    return words.zh_hans if (get_language() or "").startswith("zh") else words.en

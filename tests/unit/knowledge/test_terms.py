"""Search terms: docker's words stay whole, both languages meet."""

from __future__ import annotations

from knowledge.terms import concepts_of, content_words, terms_of


def test_flags_and_image_references_stay_whole_and_count_by_their_parts() -> None:
    terms = terms_of("docker run --gpus all tensorflow/tensorflow:2.15.0-gpu-jupyter -P -p")
    assert {"--gpus", "gpus", "tensorflow/tensorflow:2.15.0-gpu-jupyter", "2.15.0", "-P", "-p"} <= set(terms)


def test_a_flag_may_touch_chinese_text() -> None:
    assert "-p" in terms_of("EXPOSE和-p的区别")


def test_english_words_meet_without_their_endings() -> None:
    assert terms_of("containers stopped running images") == terms_of("container stop run image")


def test_han_characters_are_cut_into_overlapping_pairs() -> None:
    assert terms_of("数据卷") == ["数据", "据卷"]


def test_a_chinese_question_is_cut_by_the_words_of_the_field() -> None:
    assert content_words("如何让容器在后台运行?") == ["容器", "后台", "运行"]


def test_both_languages_name_the_same_thing() -> None:
    (concept,) = concepts_of("后台")
    assert {frozenset({"detach"}), frozenset({"后台"})} <= set(concept)
    assert concepts_of("background") == concepts_of("后台")


def test_a_question_of_stop_words_means_nothing() -> None:
    assert content_words("how do I use it?") == []
    assert content_words("这是什么") == []

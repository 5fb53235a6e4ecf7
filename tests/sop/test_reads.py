"""Reads of one page are done once; what is kept follows what it rests on."""

from django.http import HttpRequest, HttpResponse

from sop.middleware import OneReadingMiddleware
from sop.reads import kept, once, one_reading

asked: list[str] = []


@once
def word(text: str, *, loud: bool = False) -> str:
    asked.append(text)
    return text.upper() if loud else text


def test_inside_one_reading_the_same_question_is_asked_once() -> None:
    asked.clear()
    with one_reading():
        assert [word("a"), word("a"), word("b"), word("a", loud=True)] == ["a", "a", "b", "A"]
    assert asked == ["a", "b", "a"]


def test_outside_and_in_the_next_reading_it_is_asked_anew() -> None:
    asked.clear()
    word("a")
    word("a")
    for _ in range(2):
        with one_reading():
            word("a")
    assert len(asked) == 4


def test_only_reading_requests_keep_answers() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        word("a")
        word("a")
        return HttpResponse()

    for method, times in (("GET", 1), ("HEAD", 1), ("POST", 2)):
        asked.clear()
        request = HttpRequest()
        request.method = method
        OneReadingMiddleware(answer)(request)
        assert len(asked) == times


def test_kept_answers_follow_what_they_rest_on_and_may_be_nothing() -> None:
    made: list[int] = []

    def compute() -> None:
        made.append(1)

    assert [kept("word", (1, "x"), compute) for _ in range(3)] == [None, None, None]
    kept("word", (2, "x"), compute)
    kept("other word", (2, "x"), compute)
    assert len(made) == 3

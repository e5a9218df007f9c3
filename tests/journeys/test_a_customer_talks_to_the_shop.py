"""From an empty stack to an answered customer, over HTTP, through the handlers and moto."""

from concurrent.futures import ThreadPoolExecutor

from tests.journeys.conftest import Client


def texts(answer: dict[str, object]) -> str:
    reply = answer["reply"]
    assert isinstance(reply, dict)
    return "\n".join(message["text"] for message in reply["messages"])


def test_a_korean_customer_asks_and_looks_an_order_up(client: Client) -> None:
    talk = client.open("ko")
    assert "다온상점" in talk.opened["reply"]["messages"][0]["text"]
    asked = talk.say("배송비는 얼마예요?")
    assert asked["understanding"]["intent"] == "delivery_fee"
    assert "3,000원" in texts(asked)
    wanted = talk.say("주문 조회하고 싶어요")
    assert any(button["value"] == "/cancel" for button in wanted["reply"]["quick_replies"])
    assert "휴대폰 번호" in texts(talk.say("20261118-0001이에요"))
    found = talk.say("010-1234-5678")
    assert "CJ대한통운" in texts(found)


def test_a_korean_customer_cancels_the_order_after_a_yes(client: Client) -> None:
    talk = client.open("ko")
    talk.say("20261120-0004 주문 취소해 주세요")
    shown = talk.say("010-1234-5678")
    assert "데일리 러닝화" in texts(shown)
    assert "79,000원" in texts(shown)
    assert "취소했어요" in texts(talk.say("네, 맞아요"))
    again = talk.say("20261120-0004 주문 취소해 주세요")
    assert "이미 취소된 주문" in texts(again)


def test_a_wish_is_answered_with_things_that_fit(client: Client) -> None:
    talk = client.open("ko")
    found = texts(talk.say("6만원 이하로 검정 가방 추천해 주세요"))
    assert "캔버스 토트백 · 54,000원" in found
    assert "크로스백" not in found


def test_an_english_customer_gets_english(client: Client) -> None:
    talk = client.open("en")
    assert "mobile number" in texts(talk.say("Where is my order 20261118-0001?"))
    found = talk.say("010-1234-5678")
    assert "CJ Logistics" in texts(found)


def test_the_same_message_id_gets_the_same_bytes_and_one_turn(client: Client) -> None:
    talk = client.open()
    first = talk.send("once", text="영업시간 알려주세요")
    again = talk.send("once", text="영업시간 알려주세요")
    assert first.status == again.status == 200
    assert first.body == again.body
    history = client.send("GET", f"/v1/sessions/{talk.session_id}/turns", token=talk.token)
    assert [turn["turn"] for turn in history.json["turns"]] == [0, 1]


def test_one_message_sent_by_many_threads_at_once_is_one_turn(client: Client) -> None:
    talk = client.open()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: talk.send("same", text="쿠폰 어떻게 써요?"), range(16)))
    bodies = {answer.body for answer in answers if answer.status == 200}
    assert len(bodies) == 1
    assert {answer.status for answer in answers} <= {200, 409}
    history = client.send("GET", f"/v1/sessions/{talk.session_id}/turns", token=talk.token)
    assert [turn["turn"] for turn in history.json["turns"]] == [0, 1]


def test_many_customers_at_once_do_not_disturb_each_other(client: Client) -> None:
    def customer(number: int) -> bool:
        talk = client.open("ko" if number % 2 else "en")
        answers = [talk.say(f"배송비 {number}") for _ in range(3)]
        return [answer["turn"] for answer in answers] == [1, 2, 3]

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(customer, range(24)))


def test_nobody_reads_or_writes_anothers_session(client: Client) -> None:
    mine, yours = client.open(), client.open()
    path = f"/v1/sessions/{yours.session_id}/turns"
    assert client.send("GET", path, token=mine.token).status == 401
    body = {"message_id": "x", "text": "안녕하세요"}
    assert client.send("POST", path, body, token=mine.token).status == 401
    assert client.send("DELETE", path.removesuffix("/turns"), token=mine.token).status == 401
    assert client.send("GET", path).status == 401


def test_a_deleted_conversation_is_gone(client: Client) -> None:
    talk = client.open()
    talk.say("안녕하세요")
    path = f"/v1/sessions/{talk.session_id}"
    assert client.send("DELETE", path, token=talk.token).status == 204
    assert client.send("GET", f"{path}/turns", token=talk.token).status == 404
    assert talk.send(text="아직 있나요?").status == 404


def test_existing_widgets_talk_over_the_rest_webhook(client: Client) -> None:
    body = {"sender": "9f2c1d", "message": "주문 조회"}
    answer = client.send("POST", "/webhooks/rest/webhook?bot=shop", body)
    assert answer.status == 200
    asked = answer.json
    assert asked[0]["recipient_id"] == "9f2c1d"
    body = {"sender": "9f2c1d", "message": "20261119-0002, 010-1234-5678"}
    found = client.send("POST", "/webhooks/rest/webhook?bot=shop", body).json
    assert "20261119-0002" in found[0]["text"]


def test_bad_requests_are_told_what_is_wrong_in_their_language(client: Client) -> None:
    talk = client.open()
    path = f"/v1/sessions/{talk.session_id}/turns"
    too_long = {"message_id": "long", "text": "가" * 2001}
    for language, word in (("ko", "2,000자"), ("en", "2,000 characters")):
        answer = client.send(
            "POST", path, too_long, token=talk.token, headers={"accept-language": language}
        )
        assert answer.status == 400
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert word in answer.body.decode()
    broken = client.send("POST", path, b'{"message_id": ', token=talk.token)
    assert broken.status == 400
    assert client.send("POST", "/v1/sessions", {"bot": "bakery"}).status == 404


def test_the_page_and_the_widget_are_served(client: Client) -> None:
    assert client.send("GET", "/").headers["content-type"].startswith("text/html")
    assert "javascript" in client.send("GET", "/widget.js").headers["content-type"]

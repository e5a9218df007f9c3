"""Questions that only ask whether a value would do: ``되나요``, ``자리 있을까요``, ``is it ok``.

A proposal is told by what it does not say: without its values, all its words are among those that
every customer uses about any value, such as whether it can be had, booked or changed to. Any other
word (``주차``, ``parking``) makes it a question about something else.
"""

from __future__ import annotations

from sangdam.text.lazy import lazy_pattern

MOST_LETTERS = 60
"""What goes on for longer says more than that."""


def _joined(stems: str, endings: str) -> list[str]:
    return [stem + end for stem in stems.split() for end in endings.split()]


_IS_THERE = """
    있나 있을까 있나요 있을까요 있어요 있습니까 있는지요 있죠 있으세요 있으신가요 있어 있니
"""

# Read without spaces, which are left out and put in at will: 안되나요, 해도 되나요.
_KOREAN = frozenset(
    # Small words, and what every form is about.
    """
    혹시 그럼 그러면 그렇다면 아니면 그냥 아 음 저 저기 네 예 아니 근데 그런데 그리고 또 그거 이거
    그걸 이걸 시간 시간이 시간은 날짜 날 날은 자리 자리가 자리는 자리도 예약 예약이 예약은 예약도
    예약을 방문 방문은 진료 진료도 진료가 상담 상담은 변경 변경이 변경도 오전 오후 오전에 오후에
    오전은 오후는 안 못 좀 다 더 빈 것 거 쪽 쪽으로 씨 님 선생님 원장님 부탁 부탁드려도
    """.split()
    # Particles that a value leaves behind.
    + """
    은 는 이 가 을 를 도 로 으로 에 에는 엔 에도 요 이요 여요 이면 면 쯤 쯤이면 쯤은 쯤에 정도
    정도면
    정도는 이나 나 하고 랑 이랑 만 만으로 이라도 라도 은요 는요 이고 이에요 예요 인데 인데요 때 때는
    같은데 같은데요 같아요 까지 까지도 반 반쯤 반도 이후 이후도 이후는 이후에 이전 이전도 이전에
    아침
    점심 저녁 낮 밤 아침에 점심에 저녁에 아침은 점심은 저녁은 저녁도 번호 번호로 번호도
    둘 다 그날 말고 맞춰 갈게요 할게요 어려울까요 어렵나요 힘들까요 힘드세요
    힘드실까요
    """.split()
    # Would it do?
    + _joined("되 안되 돼 됐", "나 나요 니 냐 죠 지요 는지요 려나요 려나 는가요 요 나여 나용 여 용")
    + """
    돼 됩니까 될까요 될까 될까여 될까용 될지요 될런지요 안될까요 되겠습니까 되겠어요 될는지요 가능
    """.split()
    + _joined(
        "가능 불가능",
        """
        한가요 할까요 하나요 해요 하죠 하지요 하신가요 합니까 한지요 할지요 한가 할까 해 하니 한지
        하려나요 하겠어요 하겠습니까 하실까요 할까여 한가여 한가용 해여 하세요
        """,
    )
    + _joined(
        "괜찮",
        """
        나요 을까요 아요 으세요 은가요 죠 습니까 으신가요 을지요 으실까요 아 니 을까 나 지요 은지요
        을 겠어요 으시겠어요 겠습니까 네요
        """,
    )
    + """
    어때 어때요 어때여 어때용 어떠세요 어떠신가요 어떠신지요 어떨까요 어떨까 어떨지요 어떤가요
    어떤지요 어떻습니까 어떠십니까 어떠실까요
    """.split()
    + _joined("상관없", "나요 을까요 어요 죠 으세요 으신가요 는지요")
    # Can it be had, booked, changed to?
    + _IS_THERE.split()
    + """
    비어 비었나요 비었어요 비나요 비어있나요 비어있어요 남아 남았나요 남았어요 남나요
    """.split()
    + _joined(
        """
        할 갈 올 바꿀 잡을 옮길 받을 볼 예약할 방문할 변경할 선택할 진료받을 들를 넣을 맞출 미룰
        당길
        """,
        "수 까요 까 까여",
    )
    + _joined(
        "해 가 와 바꿔 잡아 옮겨 예약해 방문해 변경해 넣어 맞춰 미뤄 당겨 받아 봐",
        """
        도 주실 주실수 줄 줄수 주시겠어요 주시겠습니까 주실래요 줄래요 줄래 주시나요 주나요 주세요
        주실까요 줘요 줘
        """,
    )
    + _joined("하 가 오 바꾸 잡으 예약하 방문하 변경하 그렇게하", "면 면은")
    + "수 수가 수는 하는 하는건 하는게 건 게 할려는데 하려는데".split()
)  # fmt: skip
_LONGEST = max(map(len, _KOREAN))

_ENGLISH = frozenset(
    """
    how about what is are was would does do can could may might will shall should i we you it that
    this be been ok okay fine good alright great available possible work works working suit free
    come make take have book reserve get change move switch reschedule push set put go to for at on
    by a an the then instead maybe perhaps me us any anything chance of not why slot slots table
    tables appointment appointments reservation booking spot spots seat seats there something
    around please rather also and or too so still left if sound sounds doable better your my our
    with isn't doesn't can't it's that's let's say um uh hmm oh well no yes sure just as them one
    ones o'clock like perfect acceptable allowed in able fit squeeze
    """.split()
)
_ELSEWHERE = lazy_pattern(
    r"\bwhat(?! about| if)|\bhow(?! about| does| is| would)|\bit (?:is )?free\b|\bwhy(?! not)"
    r"|\bis (?:this|that|it)\W*$"
)
_HANGUL_RUN = lazy_pattern("[가-힣]+")
_LATIN_WORD = lazy_pattern(r"[a-z][a-z'-]*")
_OTHER = lazy_pattern(r"[0-9]")


def is_proposal(rest: str) -> bool:
    """Tell whether the rest of a question, without its values, asks only if these would do."""
    letters = "".join(_HANGUL_RUN.findall(rest))
    words = _LATIN_WORD.findall(rest.replace("\u2019", "'"))
    if len(letters) > MOST_LETTERS or len(words) > MOST_LETTERS // 4 or _OTHER.search(rest):
        return False
    if words and (_ELSEWHERE.search(rest) or not _ENGLISH.issuperset(words)):
        return False
    return _is_korean_proposal(letters)


def _is_korean_proposal(letters: str) -> bool:
    """Tell whether letters can be cut into known words, and nothing else is among them."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(
            start in ends and letters[start:end] in _KOREAN for start in range(end - _LONGEST, end)
        ):
            ends.add(end)
    return len(letters) in ends

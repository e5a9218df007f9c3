"""Personal names: ``저는 김민수입니다``, ``예약자는 이지은이에요``, ``my name is John Smith``.

A value is the name without its particles, Korean without spaces, English in title case. A name is
taken only where someone gives one, or where one was asked for and the message is nothing else. What
may be a noun (``저는 학생입니다``, ``I'm angry``) is no name: better to ask than to greet a noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sangdam.nlu.entities.choice import is_denied
from sangdam.nlu.entities.expression import LIMIT, found
from sangdam.nlu.entities.reading import Found
from sangdam.text.korean import FIRST_SYLLABLE
from sangdam.text.lazy import lazy_pattern

_FAMILIES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민진나지엄원천방공"
    "현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국은편용예경봉복"
)
_RARE_FAMILIES = frozenset("여추도소석선설마길연위표명기반금옥육인제모국은편용예경봉복")
_LONG_FAMILIES = frozenset(
    "남궁 황보 제갈 선우 독고 사공 서문 동방 어금 망절 장곡 강전 소봉 무본".split()
)
_BEGINS_GIVEN = frozenset(
    "가강건경관광교규균근금기길나남다대덕도동두라래로루리린만명무문미민범병보복봉빈빛상새서석선설성세소솔수"
    "숙순슬승시신아안애언연영예오옥온완요용우욱운웅원유윤율은의이익인일자장재정제종주준중지진찬창채철초춘충"
    "태택하학한해향헌혁현형혜호홍화환효훈휘희갑"
)
_ENDS_GIVEN = frozenset(
    "강겸곤광국규균근담덕돌동득란람련렬령롬룡루률린림명모목묵문미민배백범보복봉빈빛샘석선설섭성"
    "셉솔송숙순슬승식아애양언연열엽영예옥온완우욱운웅유윤율익임재정제종주준진찬창채철춘태택표필헌"
    "혁현형혜호홍화환효훈휘흥희"
)
_PARTICLES = frozenset("은을만도인하해한")
# Last syllables that also end verbs and nouns, and what goes before them in a name.
_LIKE_PARTICLES = {
    "은": "지다고하예나채세가서성시주소재혜보정영경",
    "을": "가노",
    "이": "준윤영순민송현진은하다",
    "만": "종수용영재상병기",
    "도": "성재영형",
    "인": "해정다가지상영재성혜서승유세",
    "하": "준서민은예윤재연태도진",
    "해": "은다윤민서",
    "한": "요재승주태",
    "기": "중민성재영정진동용병상철승준현윤춘홍은선",
    "지": "민은예수현윤연유효혜다희신명영승보",
    "일": "성재정영동광태종승경진준원현",
    "자": "영순미정경명숙춘화옥금은현",
    "나": "유한하예지미세안해다소수루",
    "라": "보유세미아나소하이예해다초",
    "수": "민지현영성재진정은상준경철광용명병동종승윤예희연효창기남범인선완길",
    "길": "남영순성광대동",
    "용": "재태대경수진정지상기우은준현승세찬성",
    "별": "은샛한",
    "래": "미나",
    "건": "태도승성",
    "리": "유효혜나새주채규초보미희하",
    "중": "현재효태의형기",
    "원": "지혜서도재성주정소태승예가시채하현유형규경창종동수상세준다",
    "상": "진윤은재준현균",
    "후": "지시재은서민승정준현도이하",
    "관": "영창진종",
    "늘": "하",
    "서": "민윤은준현지연예이진태유하",
    "안": "지주리이시",
    "경": "미은혜수보인현선진재민희",
    "신": "유동은",
}
_GIVEN_ALONE = frozenset("준훈민진솔결별빈윤현혁호철찬율웅욱범란완환겸담슬봄빛승엽균휘")
# Nouns that are built like a name.
_NOUNS = frozenset(
    (
        "임산부 한국인 공무원 장애인 구매자 주문자 이용자 신청자 방문자 지원자 소유자 연구자 "
        "노동자 유경험 강원도 경기도 제주도 전라도 강남구 강동구 강서구 강북구 성동구 성북구 "
        "노원구 용산구 은평구 도봉구 마포구 금천구 정수기 이유식 유기농 전기차 주문서 신용 이용 "
        "조용 전용 인용 주민 국민 서민 이민 전원 공원 강원 지원 정원 민원 인원 구현 표현 우선 "
        "신선 노선 조선 유선 전선 차선 신호 변호 여권 연결 이별 성별 구별 차별 전환 변환 소환 "
        "조건 안건 여건 문건 용건 최근 기준 표준 우승 전승 연승 추석 공석 주석 한명 이정도 이상해 "
        "전문의 고정일 정기일 공휴일 기념일 지정일 예정일 전화기 기대 이대로 주문해 이상인 성소수 "
        "이의신 우영우 정상인 여주인 남주인 주인 노인 고인 여인 한정 선정 지정 예정 인정 고정 "
        "안정 하루 나라 전라 문명 소문 전문 주문 방문 문의 예의 정의 이모 고모 유아 남아 여아 "
        "소아 신도시 정신 주소 장소 연소 진단 서비스 안내 문자 고지서 전단지 원주 전주 여주 제주 "
        "나주 경주 진주 공주 양주 남양주 강릉 용인 이천 인천 진천 홍천 연천 천안 신안 주안 안동 "
        "하동 길동 정자동 신림동 연남동 성수동 구의동 도화동 하계동 명동 신촌 금요일 지난주 "
        "이번주 정해진 안정해 하얀 노란 강아지 고양이 선생 소개 도로 유로 전자 남자 여자 기자 "
        "지하 조회 기회 공지 편지 이미 모든 하지만 유리 정리 조리 우리 주기적 전체 오전 오후 이후 "
        "이전 정오 금일 명일 구월 유월 이월 오월 하반기 정규직 고소인 여유 이유 지유로 이해 오해 "
        "손해 방해 공해 안해 한해 진해 남해 인사 고수 지수 변수 주수 홍수 은하수 이상 정상 예상 "
        "인상 현상 방송 배송 이자 유자 주차 전세 연세 한세 안경 변경 전경 배경 여기 전기 고기 "
        "경기 인기 용기 연기 기기 하기 이거 조금 현금 송금 지금 예금 연금 전화 변화 문화 소화 "
        "도우미 신제주 정신의 하도 지도 기도 인도 전도 유도 제도 정도 안도 지진 유성우 남성용 "
        "여성용 남자용 주의보 양도 연재 금지 설정 여성 남성 이동 유지 차지 나은지 이로운 안해주 "
        "탁상용 이인용 이용권 양문형 전동식 지하철 유리창 유리병 도서관 경영학 구성원 주재원 "
        "예금주 윤리성 유해성 편리성 이란 표범 방범 고민 소진 추진 공용 허용 함유 고우선 우산 "
        "국산 정산 예산 최종 강연 남해안 서해안 전인 공중 이중 주중 연중 오중 안내원 경비원 "
        "이용원 전문점 문의처 고객님 손님 최고 신규 신입 신혼 신부 유료 정가 현대 전국 한국 서울 "
        "인천시 강남역 지점 연결해 주문번호 예약번호 하와이 유럽 우편 공기 선물 소리 고모부 "
        "이모부 조카 손자 손녀 장모 장인 남편 여동생 남동생 여친 남친 양가 유모차 우유 주스 김치 "
        "김밥 국밥 우동 장미 백합 국화 현미 명란 한우 노트 문진 안진 주현절 성탄 추수 여러분 "
        "하여튼 오로지 이런 이제 모두 전부 조만간 한동안 여하튼 주로 하필 이왕 유독 현재 현장 "
        "최소 최대 최저 최상 최신 이번 지난번 전날 오늘 주말 명절 설날 추석날 정월 연말 연초 신년 "
        "은행 금융 현관 주방 안방 공방 양말 신발 장화 장갑 마스크 모자 배낭 여행 여름 여자친구 "
        "남자친구 소화제 인기순 강연보 하이루"
    ).split()
)
_STRONG_CUE = (
    "(?:이름|성함|성명|예약자|예약인|주문자|주문인|신청자|수령인|수령자|받는 ?(?:사람|분)"
    "|보내는 ?(?:사람|분)|입금자|예금주|고객|환자|탑승자|투숙객|대표자|명의자)"
    "(?:명| ?이름| ?성함)?(?:은|는|이|가| ?[:=])요?,? ?|(?:이름|성함|성명|예약자|예약자명|수령인) "
)
_WEAK_CUE = "(?:(?:저는|나는|제가) ?|(?:전|저|난) )"
_CUES = lazy_pattern(
    f"(?:(?<![가-힣])|(?<=제))(?P<strong>{_STRONG_CUE})|(?<![가-힣])(?P<weak>{_WEAK_CUE})"
    "|(?P<hello>안녕하(?:세요|십니까)[,.!~]{0,2} )"
    "|(?<![가-힣])(?P<denied>[가-힣]{3,5}) ?(?:말고|아니고요?|아니라) "
)
_QUOTED = lazy_pattern("(?<![가-힣])(?=[가-힣]{3,8}라고 ?(?:합니다|해요|하는데|하고|하구|불러))")
_BY_NAME = lazy_pattern("(?<![가-힣])(?=[가-힣]{3,5} (?:이름|명의)(?:으로|로) )")
_ALONE = lazy_pattern(r"(?:(?:네|넵|예|아|음|저요|저는|전|안녕하세요)[,.!]* )?")
_ALONE_END = lazy_pattern(
    r"(?: (?:합니다|해요|해 ?주세요|님|님이요|입니다))?[ .,!~]*(?:[0-9+][0-9 .()+-]*)?"
)

_COPULA = "입니다만?|인데요?|이고요?|이구요|임|이라서"
_COPULA_ALONE = lazy_pattern(_COPULA)
_QUOTE = "라고(?:요|해요|합니다|하는데요|하고요|하구요|불러주세요|해주세요)?|라구요"
_AFTER_CONSONANT = f"이에요|이예요|이요|이야|이에용|이(?:{_QUOTE})"
_AFTER_VOWEL = f"예요|에요|요|고요|구요|고|야|{_QUOTE}"
_ENDINGS = {
    True: (lazy_pattern(f"{_COPULA}|{_AFTER_CONSONANT}"), lazy_pattern(_AFTER_VOWEL)),
    False: (lazy_pattern(f"{_COPULA}|{_AFTER_VOWEL}"), lazy_pattern(_AFTER_CONSONANT)),
}
"""Endings that make a statement, right and wrong, after a final consonant and after a vowel."""

_TITLED = "(?:님|씨)(?:이에요|이요|입니다|으로|이고요|예요)?|맞아요|맞습니다|이름으로|앞으로"
_MENTIONED = {
    True: lazy_pattern(f"|{_TITLED}|으로(?:요|해주세요)?"),
    False: lazy_pattern(f"|{_TITLED}|로(?:요|해주세요)?"),
}
_SPACED_COPULA = lazy_pattern(" (?:이에요|예요|입니다|이?라고)(?![가-힣])")
_CLOSES = lazy_pattern(
    " ?(?:$|[^가-힣 ])| (?:해 ?주|예약|주문|부탁|변경|바꿔|등록|적어|넣어|연락|전화|번호|휴대|핸드"
    "|이름|라고|이라고|입니다|이에요|예요|합니다)"
)
_RUN = lazy_pattern("[가-힣]{1,14}(?![가-힣])")
_SPACED = lazy_pattern("([가-힣]{1,2}) (?:([가-힣]) )?([가-힣]{1,12})(?![가-힣])")
# Families that are also words of their own: 이 제품, 한 명, 안 할래요.
_ALSO_WORDS = frozenset("이한안전오구원양금신현주지공천하남여도소기반명모제인은편용예복")

_FIRST_NAMES = frozenset(
    (
        "aaron abigail adam adrian aiden alan albert alex alexander alexandra alice alicia "
        "allison amanda amber amelia amy andrea andrew angela anita ann anna anne annie anthony "
        "antonio aria arthur ashley audrey ava barbara ben benjamin beth betty beverly bob bobby "
        "brandon brenda brian bruce bryan calvin camila carl carla carlos carol caroline carolyn "
        "catherine cathy charles charlie charlotte cheryl chloe chris christina christine "
        "christopher cindy claire cody connor craig crystal cynthia dan daniel danielle danny "
        "dave david dawn debbie deborah debra denise dennis derek diana diane diego donald donna "
        "doris dorothy doug douglas dylan ed eddie edward elena eli elijah elizabeth ella ellen "
        "emily emma eric erica erik ethan eugene eva evan evelyn felix fiona frances francis fred "
        "gabriel gary george gerald gloria gordon grace greg gregory hannah harold harry harper "
        "heather helen henry howard ian irene isaac isabella ivan jack jackie jackson jacob "
        "jacqueline james jamie jane janet janice jared jason jean jeff jeffrey jen jennifer "
        "jenny jeremy jerry jess jesse jessica jill jim jimmy joan joanna joe joel john johnny "
        "jonathan jordan jose joseph joshua joyce juan judith judy julia julian julie justin "
        "karen kate katherine kathleen kathryn kathy katie keith kelly ken kenneth kevin kim "
        "kimberly kyle larry laura lauren laurie leah lee leo leon leonard leslie liam lily linda "
        "lisa logan lois louis lucas lucy luis luke lynn madison margaret maria marie marilyn "
        "mario mark martha martin mary mason matt matthew max megan melanie melissa mia michael "
        "michelle miguel mike mila nancy naomi natalie nathan nicholas nick nicole noah nora "
        "norman olivia oscar owen pamela patricia patrick paul paula pedro peggy penelope peter "
        "phil philip phillip rachel ralph randy raymond rebecca richard rick rita rob robert "
        "roger ron ronald rosa ruth ryan sally sam samantha samuel sandra sara sarah scott sean "
        "sebastian sharon shirley simon sofia sophia sophie stella stephanie stephen steve steven "
        "susan tammy ted teresa terry theresa thomas tiffany tim timothy tina todd tom tommy tony "
        "tracy tyler valerie vanessa veronica victor victoria vincent virginia walter wendy "
        "william zoe minsu minji minjun jisoo jiwoo jihye jiyeon seojun sujin yuna hyunwoo eunji "
        "soyeon yoojin minho taehyung seoyeon jimin junho dongwook"
    ).split()
)
_LAST_NAMES = frozenset(
    (
        "adams allen anderson bailey baker bell bennett brooks brown butler campbell carter clark "
        "collins cooper cox cruz davis diaz edwards evans fisher flores foster garcia gomez "
        "gonzalez gray green hall harris hernandez hill hughes jackson james jenkins johnson "
        "jones kelly king lewis long lopez martin martinez miller mitchell moore morales morgan "
        "morris murphy myers nelson nguyen ortiz parker patel perez perry peterson phillips "
        "powell price ramirez reed reyes reynolds richardson rivera roberts robinson rodriguez "
        "rogers ross russell sanchez sanders scott smith stewart sullivan taylor thomas thompson "
        "torres turner walker ward watson white williams wilson wood wright young"
    ).split()
)
_KOREAN_FAMILIES = frozenset(
    (
        "kim lee park choi jung jeong kang cho yoon yun jang chang lim han oh seo shin kwon hwang "
        "ahn song yoo hong jeon ko moon yang bae baek heo nam shim noh ha kwak joo woo koo min"
    ).split()
)
_ALSO_ENGLISH = frozenset("park han oh song long moon ha min ko no woo".split())
_NOT_NAMES = frozenset(
    (
        "a about after again all already also am an and angry any are as asking at available away "
        "back bad be because been before being best better blank booking busy but by calling can "
        "cancel cancelled changed checking coming complaining confused correct could curious "
        "customer different disappointed do does doing done down excited excellent fantastic fine "
        "for free from frustrated furious getting go going gone good great guest had happy has "
        "have having he hello help her here hi his home how i i'd i'll i'm i've if ill important "
        "in incorrect interested into is it it's its just late later leaving like listed living "
        "long looking lost me missing misspelled misspelt mr mrs ms my near need needed needing "
        "new next nice no not now of off ok okay old on one only or order our out over please "
        "pleased printed private problem ready really regarding regular reservation ridiculous "
        "right same seeking she should sick so some sorry speaking spelled spelt still stuck "
        "student sure taking terrible than thank thanks that that's the their them then there "
        "they thinking this tired to today tomorrow tonight too trying under unable unacceptable "
        "unhappy unsure up upset urgent us using very waiting want wanted wanting was way we "
        "welcome well were what when where which who why willing with without wondering working "
        "worried would wrong yes yet you your track open delete required mandatory check change "
        "morning afternoon evening"
    ).split()
)
_JOINS = frozenset("and but at calling for from here i i'm my on speaking".split())
_WORD = "[a-z](?:[a-z]|['.-](?=[a-z])){0,30}"
_ENGLISH_CUES = lazy_pattern(
    r"\b(?P<strong>(?:(?:my|the|my full|full) name(?:'s| is|:)|(?:^|[,.!;] )name(?: is| ?:)"
    r"|under the name(?: of)?|booked under|reserved under)) (?:is )?"
    r"|\b(?P<weak>i'm|i am|im|this is|it's|it is) "
)
_ENGLISH_ALONE = lazy_pattern(r"(?:(?:it's|it is|yes|hi|hello|i'm|i am|this is|sure)[,.!]* )?")
_ENGLISH_ALONE_END = lazy_pattern(
    r"(?:,? (?:please|thanks|thank you))?[ .,!]*(?:[0-9+][0-9 .()+-]*)?"
)
_ENGLISH_WORDS = lazy_pattern(f"{_WORD}(?: {_WORD}){{0,3}}")
_CAPITALS = lazy_pattern("(?:^|(?<=[ '.-]))[a-z]")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name at a place, its readings, and where the word ends that it stands in."""

    start: int
    end: int
    choices: tuple[tuple[str, float], ...]
    word_end: int = 0


def find(text: str, *, alone: bool = False) -> tuple[Found, ...]:
    """Return the names that someone gives in a text, at most ``LIMIT``, in order of place.

    ``alone`` says that a name was asked for: then a text may be nothing but one. A name of two
    syllables, and one that ends where an ending may begin (``허준이요``), is less sure or has
    more readings; the span is that of the likeliest.
    """
    names = sorted((*_korean(text, alone=alone), *_english(text, alone=alone)), key=_order)
    results: list[Found] = []
    for name in names:
        if (results and name.start < results[-1].end) or is_denied(text, name.start, name.end):
            continue
        one = found(name.start, name.end, name.choices)
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def _order(name: _Name) -> tuple[int, float]:
    return name.start, -max(sure for _, sure in name.choices)


def _korean(text: str, *, alone: bool) -> Iterator[_Name]:
    places: list[tuple[int, float, bool, bool]] = []
    for cue in _CUES.finditer(text):
        is_strong = cue["strong"] is not None
        if cue["hello"] is not None:
            places.append((cue.end(), 0.9, False, False))
        elif cue["denied"] is None:
            places.append((cue.end(), 1.0 if is_strong else 0.9, is_strong, True))
        elif _denied_name(cue["denied"]):
            places.append((cue.end(), 0.85, False, False))
    places += [(match.end(), 0.85, False, False) for match in _QUOTED.finditer(text)]
    places += [(match.end(), 0.9, True, False) for match in _BY_NAME.finditer(text)]
    for place, trust, is_strong, is_cued in places:
        name = _name_at(text, place, trust=trust, is_strong=is_strong)
        if name is not None and (is_cued or len(name.choices[0][0]) > 2):
            yield name
    if alone:
        opening = _ALONE.match(text)
        name = _name_at(text, opening.end() if opening else 0, trust=0.95, is_strong=True)
        if name is not None and _ALONE_END.fullmatch(text, name.word_end):
            yield name


def _denied_name(word: str) -> bool:
    return any(
        len(name) > 2 and word[len(name) :] in ("", "이", "가", "은", "는")
        for length in (3, 4)
        for name, _, _ in _splits(word[:length], 0)
        if len(name) == length
    )


def _name_at(text: str, place: int, *, trust: float, is_strong: bool) -> _Name | None:
    """Return the name that begins at a place, typed as one word or with spaces inside."""
    run = _RUN.match(text, place)
    if run is not None:
        spans = [place + length for length in range(len(run[0]) + 1)]
        closes = _CLOSES.match(text, run.end()) is not None
        is_said = is_strong or _SPACED_COPULA.match(text, run.end()) is not None
        name = _read(run[0], spans, family=0, trust=trust, is_strong=is_said, closes=closes)
        if name is not None:
            return name
    spaced = _SPACED.match(text, place)
    if spaced is None or (not is_strong and spaced[1] in _ALSO_WORDS):
        return None
    letters = [at for at in range(spaced.start(), spaced.end()) if text[at] != " "]
    word = "".join(text[at] for at in letters)
    spans = [place, *(at + 1 for at in letters)]
    closes = _CLOSES.match(text, spaced.end()) is not None
    family, trust = len(spaced[1]), 0.9 * trust
    name = _read(word, spans, family=family, trust=trust, is_strong=is_strong, closes=closes)
    return None if name is None or name.choices[0][0].endswith("이") else name


def _read(
    word: str, spans: list[int], *, family: int, trust: float, is_strong: bool, closes: bool
) -> _Name | None:
    """Return the readings of a word as a name with an ending.

    ``spans`` are the places in the text before its first letter and after each. ``closes`` says
    that nothing follows the word which could make it a part of a sentence.
    """
    if word in _NOUNS:
        return None
    best: dict[str, float] = {}
    for name, sure, rest in _splits(word, family):
        right, wrong = _ENDINGS[_is_closed(name)]
        if right.fullmatch(rest):
            fits = 1.0
        elif (
            is_strong and _MENTIONED[_is_closed(name)].fullmatch(rest) and closes >= ("로" in rest)
        ):
            fits = 0.95 if closes or word[0] not in _RARE_FAMILIES else 0.0
        else:
            fits = 0.8 if wrong.fullmatch(rest) else 0.0
        if name[-1] in "이예" and len(name) > 2 and not _ends_itself(name, rest, best, is_strong):
            continue
        if rest in ("", "요", "고") and name[-1] in _PARTICLES and name[:-1] in _NOUNS:
            fits *= 0.5 if closes and not rest else 0.0  # 유지은, or 유지 and a particle
        if fits:
            best[name] = max(best.get(name, 0.0), trust * sure * fits)
    if not best:
        return None
    choices = sorted(best.items(), key=lambda one: -one[1])
    end = spans[len(choices[0][0])]
    return _Name(spans[0], end, tuple(choices), spans[-1])


def _splits(word: str, family: int) -> Iterator[tuple[str, float, str]]:
    """Yield each name a word can begin with, how likely it is one, and the rest of the word."""
    for first in (2, 1):
        is_family = word[:first] in (_LONG_FAMILIES if first == 2 else _FAMILIES)
        if not is_family or (family and first != family):
            continue
        for length in (1, 2):
            name, given = word[: first + length], word[first : first + length]
            if len(given) < length or name in _NOUNS or (length == 2 and not _is_given(name)):
                continue
            sure = 0.9 if length == 1 and first == 2 else 0.6 if length == 1 else 1.0
            if length == 1 and first == 1 and (family or given not in _GIVEN_ALONE):
                continue
            if length == 2 and given[1] in "이예":
                sure *= 0.5
            if length == 2 and given[1] in "동구" and given != "길동":
                sure *= 0.6  # 성수동, 강남구
            if word[0] in _RARE_FAMILIES and first == 1:
                sure *= 0.8
            yield name, sure, word[first + length :]


def _is_given(name: str) -> bool:
    """Tell whether the last two syllables of a name make a given name."""
    first, second = name[-2], name[-1]
    if second in _LIKE_PARTICLES:
        return first in _LIKE_PARTICLES[second]
    return first in _BEGINS_GIVEN and second in _ENDS_GIVEN


def _ends_itself(name: str, rest: str, shorter: dict[str, float], is_strong: bool) -> bool:
    """Tell whether a last ``이`` or ``예`` may be the name's own, not of ``이에요``, ``예요``."""
    if name[:-1] in _NOUNS or name[:2] in _LONG_FAMILIES:
        return False
    if name[-1] == "예":
        return is_strong or rest != "요"
    return name[:-1] in shorter or _COPULA_ALONE.fullmatch(rest) is not None


def _is_closed(name: str) -> bool:
    return (ord(name[-1]) - FIRST_SYLLABLE) % 28 > 0


def _english(text: str, *, alone: bool) -> Iterator[_Name]:
    for cue in _ENGLISH_CUES.finditer(text):
        name = _english_at(text, cue.end(), is_strong=cue["strong"] is not None)
        if name is not None:
            yield name
    if alone and text.isascii():
        opening = _ENGLISH_ALONE.match(text)
        name = _english_at(text, opening.end() if opening else 0, is_strong=False)
        if name is not None and _ENGLISH_ALONE_END.fullmatch(text, name.end):
            yield name


def _english_at(text: str, place: int, *, is_strong: bool) -> _Name | None:
    """Return the name of up to three words at a place, if the words are known or end there."""
    match = _ENGLISH_WORDS.match(text, place)
    if match is None or re.match(r"[\w@]|['.-]\w", text[match.end() : match.end() + 2]):
        return None
    words = match[0].split()
    stop = next((at for at, word in enumerate(words) if word in _NOT_NAMES), len(words))
    is_cut = stop < len(words) and not (is_strong and words[stop] in _JOINS)
    words = words[:stop]
    if not 0 < len(words) <= 3 or any(word.endswith("'s") for word in words):
        return None
    name = " ".join(words)
    is_first = words[0] in _FIRST_NAMES
    is_whole = len(words) > 1 and (words[-1] in _LAST_NAMES or words[-1] in _KOREAN_FAMILIES)
    is_korean = len(words) == 2 and words[0] in _KOREAN_FAMILIES and not is_cut
    choices: tuple[tuple[str, float], ...]
    if (is_first and is_whole) or (is_first and len(words) == 1):
        choices = ((name, 0.95 if is_strong or is_whole else 0.85),)
    elif is_strong and (is_whole or (words[-1] in _LAST_NAMES) or is_korean):
        choices = ((name, 0.9),)
    elif is_first and not is_cut:
        choices = ((name, 0.8),)
    elif is_first:
        choices = ((words[0], 0.5), (name, 0.4))
    elif is_korean and words[0] not in _ALSO_ENGLISH:
        choices = ((name, 0.8),)
    elif is_strong and not is_cut and len(words) < 3:
        choices = ((name, 0.7),)
    else:
        return None
    titled = tuple((_titled(one), sure) for one, sure in choices)
    return _Name(place, place + len(choices[0][0]), titled)


def _titled(name: str) -> str:
    return _CAPITALS.sub(lambda letter: letter[0].upper(), name)

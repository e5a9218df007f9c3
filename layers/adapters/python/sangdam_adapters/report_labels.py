"""What the page of a report is labelled with, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sangdam.bots.definition import Language

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "ko": {
        "title": "평가 보고서",
        "made": "{at}에 만든 릴리스",
        "about": (
            "모든 수치는 모델이 배우지 않은 예문 {rows}개로 쟀습니다. 대괄호는 95 % 신뢰 "
            "구간입니다."
        ),
        "nothing": (
            "따로 떼어 둔 예문이 없어 잴 수 있는 것이 없습니다. 의도마다 예문을 두 개 이상 넣어 "
            "주세요."
        ),
        "accuracy": "정확도",
        "macro_f1": "의도별 F1 평균",
        "among_choices": "정답이 후보 셋 안에 있음",
        "answered": "자동으로 답함",
        "clarified": "되물음",
        "fallback": "범위 밖 문장에 모른다고 답함",
        "wrong": "자동 답변 가운데 틀림",
        "budget": "오류 예산 {budget}",
        "refused": "범위 밖 문장에 답하지 않음",
        "calibration_error": "보정 오차 (ECE)",
        "to_do": "먼저 할 일",
        "to_do_none": "눈에 띄는 문제가 없습니다.",
        "intents": "의도별 성적",
        "intents_note": "F1이 낮은 의도부터입니다. 가는 선은 95 % 신뢰 구간입니다.",
        "all_intents": "모든 의도 {count}개 보기",
        "intent": "의도",
        "rows": "예문",
        "precision": "정밀도",
        "recall": "재현율",
        "f1": "F1",
        "confusion": "무엇을 무엇으로 잘못 이해했나",
        "confusion_note": (
            "실수가 가장 많은 의도 {count}개입니다. 행은 정답, 열은 모델의 답이고 진할수록 그 "
            "행에서 차지하는 몫이 큽니다."
        ),
        "no_mistakes": "잘못 이해한 예문이 없습니다.",
        "expected": "정답",
        "predicted": "모델의 답",
        "pair": "{of}개 가운데 {rows}개",
        "more_pairs": "나머지 {count}쌍 보기",
        "more_examples": "나머지 예문 {count}개 보기",
        "mislabelled": "라벨이 틀려 보이는 예문",
        "mislabelled_note": (
            "{rows}개 가운데 가장 의심스러운 {shown}개입니다. 모델은 이 예문을 배우지 않고도 다른 "
            "의도를 더 믿었습니다. 맞게 붙인 것도 있으니 읽어 보고 고쳐 주세요."
        ),
        "none": "없습니다.",
        "labelled": "붙은 라벨",
        "suggested": "제안",
        "example": "예문",
        "near_duplicates": "거의 같은 의도",
        "near_duplicates_note": (
            "서로 확률을 나눠 갖는 의도입니다. 겹침 100 %는 동전을 던지는 것과 다르지 않다는 "
            "뜻입니다."
        ),
        "overlap": "겹침 {share}, 예문 {rows}개 가운데 {mistakes}개를 서로 바꿔 이해함",
        "reliability": "확신을 믿어도 되나",
        "reliability_note": (
            "점이 대각선에 가까울수록 확신이 실제로 맞는 비율과 같습니다. 점의 크기는 예문 "
            "수입니다."
        ),
        "confidence": "확신",
        "right": "맞은 비율",
        "risk": "더 많이 답하면 얼마나 더 틀리나",
        "risk_note": (
            "왼쪽은 가장 확신하는 것만 답할 때, 오른쪽은 모두 답할 때입니다. 점은 고른 문턱값의 "
            "자리입니다. 곡선 아래 넓이(AURC) {area}."
        ),
        "coverage": "답하는 비율",
        "wrong_share": "틀린 비율",
        "mark_answer": "자동으로 답함",
        "mark_clarify": "되묻는 것까지",
        "rule": "문턱값을 고른 규칙",
        "guaranteed": "정확한 이항 한계로 보장합니다.",
        "estimated": "보장이 아니라 조심스러운 추정입니다. 예문이 더 많아야 보장할 수 있습니다.",
        "thresholds": (
            "답하기 {answer}, 되묻기 {clarify}, 범위 점수 {in_scope}, 되묻기 범위 점수 "
            "{clarify_in_scope}"
        ),
        "search": "모델 탐색",
        "search_note": (
            "교차 검증으로 겨룬 설정입니다. 손실은 낮을수록 좋습니다. 막대는 정확도입니다."
        ),
        "augmentation": "예문을 불려서 배우면",
        "augmentation_note": (
            "띄어쓰기와 오타 따위로 불린 예문을 넣고 뺀 결과를, 실제 문장으로 쟀습니다."
        ),
        "setting": "설정",
        "loss": "손실",
        "seconds": "초",
        "kept": "채택",
        "note": "비고",
        "languages": "언어별",
        "language": "언어",
        "unknown": "알 수 없음",
        "data": "배운 자료",
        "data_rows": "예문",
        "data_intents": "의도",
        "data_titles": "예문으로 쓴 의도 이름",
        "data_out_of_scope": "범위 밖 문장",
        "data_off_topic": "어느 봇에나 공통인 범위 밖 문장",
        "data_duplicates": "되풀이된 예문",
        "data_empty": "빈 예문",
        "data_contradictions": "여러 의도에 있는 예문",
        "contradictory": "여러 의도에 있는 예문 보기",
        "figures": "그 밖의 수치",
        "auroc": "범위 안팎 구별 (AUROC)",
        "sources": "방법",
    },
    "en": {
        "title": "Evaluation report",
        "made": "release made at {at}",
        "about": (
            "All figures are measured on {rows} sentences the model has not learnt from. Brackets "
            "are 95 % confidence intervals."
        ),
        "nothing": (
            "No sentences were held out, so there is nothing to measure. Give every intent two "
            "examples or more."
        ),
        "accuracy": "Accuracy",
        "macro_f1": "Mean F1 of the intents",
        "among_choices": "Right one among the best three",
        "answered": "Answered automatically",
        "clarified": "Asked back",
        "fallback": "Out of scope, fallback",
        "wrong": "Wrong among automatic answers",
        "budget": "error budget {budget}",
        "refused": "Out of scope, not answered",
        "calibration_error": "Calibration error (ECE)",
        "to_do": "What to do first",
        "to_do_none": "Nothing stands out.",
        "intents": "Intents",
        "intents_note": "Lowest F1 first. The thin line is the 95 % confidence interval.",
        "all_intents": "Show all {count} intents",
        "intent": "intent",
        "rows": "sentences",
        "precision": "precision",
        "recall": "recall",
        "f1": "F1",
        "confusion": "What is taken for what",
        "confusion_note": (
            "The {count} intents with most mistakes. Rows are the right intent, columns the "
            "model's answer; the darker, the larger the part of its row."
        ),
        "no_mistakes": "No sentence was misunderstood.",
        "expected": "right intent",
        "predicted": "model's answer",
        "pair": "{rows} of {of}",
        "more_pairs": "Show {count} more pairs",
        "more_examples": "Show {count} more examples",
        "mislabelled": "Examples that look mislabelled",
        "mislabelled_note": (
            "The {shown} most doubtful of {rows}. Without having learnt from it, the model "
            "believed in another intent. Some are labelled rightly: read them, then correct."
        ),
        "none": "None.",
        "labelled": "labelled",
        "suggested": "suggested",
        "example": "example",
        "near_duplicates": "Near-duplicate intents",
        "near_duplicates_note": (
            "Intents that share each other's probability. At an overlap of 100 % a coin would do "
            "as well."
        ),
        "overlap": "overlap {share}, {mistakes} of {rows} sentences taken for the other",
        "reliability": "Can its confidence be trusted?",
        "reliability_note": (
            "The closer to the diagonal, the more often it is as right as it is sure. The size of "
            "a dot is its number of sentences."
        ),
        "confidence": "confidence",
        "right": "share that is right",
        "risk": "What answering more costs",
        "risk_note": (
            "On the left only the surest are answered, on the right all. The dots are the chosen "
            "thresholds. Area under the curve (AURC) {area}."
        ),
        "coverage": "share answered",
        "wrong_share": "share that is wrong",
        "mark_answer": "answered automatically",
        "mark_clarify": "asked back included",
        "rule": "How the thresholds were chosen",
        "guaranteed": "Guaranteed by an exact binomial bound.",
        "estimated": "A cautious estimate, no guarantee: that takes more examples.",
        "thresholds": (
            "answer {answer}, clarify {clarify}, in scope {in_scope}, in scope to clarify "
            "{clarify_in_scope}"
        ),
        "search": "Model search",
        "search_note": (
            "The settings that competed in cross-validation. The lower the loss the better; bars "
            "show accuracy."
        ),
        "augmentation": "With and without augmentation",
        "augmentation_note": (
            "Learning from copies with other spacing, typos and the like, measured on real "
            "sentences alone."
        ),
        "setting": "setting",
        "loss": "loss",
        "seconds": "seconds",
        "kept": "kept",
        "note": "note",
        "languages": "Languages",
        "language": "language",
        "unknown": "not known",
        "data": "What it learnt from",
        "data_rows": "examples",
        "data_intents": "intents",
        "data_titles": "intent names used as examples",
        "data_out_of_scope": "out-of-scope sentences",
        "data_off_topic": "off-topic sentences every bot starts with",
        "data_duplicates": "repeated examples",
        "data_empty": "empty examples",
        "data_contradictions": "examples under several intents",
        "contradictory": "Show examples under several intents",
        "figures": "Further figures",
        "auroc": "In scope against out of scope (AUROC)",
        "sources": "Methods",
    },
}

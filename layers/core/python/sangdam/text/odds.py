"""How usual letters are beside each other in English, and syllables in Korean.

Counted over public lists of word frequencies and everyday requests; only the order of magnitude
matters. ``sangdam.text.keyboard`` weighs the two readings of the same keys with it.
"""

from __future__ import annotations

LETTER_COSTS = (
    "fgfghghggjjhghhflgffijgokmr",  # after the beginning of a word
    "nhggmjhkhniegenhoegeiijmhlg",  # after a
    "eilldoomfkpelmenqfhkfmoriqh",  # after b
    "enineooegqggnndnngjfgpprjpg",  # after c
    "gmmidmjmenpjklgnphhmhklqjqc",  # after d
    "gkhfhjjljomghfkimeehlijijnd",  # after e
    "fnmoefnpeqpgnoenrfkhfqnpjqf",  # after f
    "fmonenifgqphlhgnqfhkgqnqjqc",  # after g
    "dlnmdnpmerpkkkenphjghplqipe",  # after h
    "gjfhgihonokghdfinhffmhpmpji",  # after i
    "dnmndnpngmnnnndlpklodnnqnrh",  # after j
    "glnmdlmjeomhlhhlrjfljokqiqd",  # after k
    "ellhdkmoeqkeknfkrmhihkmrfpe",  # after l
    "dhkndmooeqpmhlefrlhnhonqiqf",  # after m
    "gmgffjemgmjkmihnomfejknpjnd",  # after n
    "jihhkiilinjggdghpeggfhhlkng",  # after o
    "enmmenngfqnflnegrehhgpoqkqf",  # after p
    "jlmponrpjrrlopnnnnlmanoqrrg",  # after q
    "ekihdkimepjjiifkpiggijmqhpe",  # after r
    "hmhnfmngfqkjjlghmngehokqkqc",  # after s
    "fmjoemofeqpilmfnrfghhokqhnd",  # after t
    "ghghgjhnholfgelhpeefpmpmlmh",  # after u
    "epnnboopdqqnoofnrmlnloqqkri",  # after v
    "dlmkemofeplimgenqhhlnqmrkre",  # after w
    "flfnflpieqqkmoidnomehlnjiqd",  # after x
    "hkjkgmmohqoiiigirjgjlokponb",  # after y
    "elnncnmjeqmilmfnpmmmimmphge",  # after z
)
"""A row for the beginning of a word and each letter, in each row ``a`` to ``z`` and the end.

The letters say how unlikely that step is, in half nats from ``a`` (certain).
"""

SYLLABLES_BY_COST = {
    4: ("가고나는다로서어에요을이지하"),
    5: ("거게그기내니대데도드들라를리마만면문보부사상세수스시아안야오으은의인일있자장전정제주한해"),
    6: (
        "간같개건것겠결경계공과관교구국금까남네단더동되두디때랑래러려말매메모무물미바반받발방배번"
        "분불비산생선성소송습신실싶않알언없었여연영예와용우운원월위유음입재저적조좀좋중진치카터통"
        "트품할합했호화회"
    ),
    7: (
        "각감강걸곳군궁근급께난날냐너년노누느늘능님달담당던돌돼된든등따떤떻람량런레력록료루르른름"
        "린릴림립많맞며명몇목못뭐민버법변본봐북브살새색설속식심십쓰았약양얼업역열였온올왔외울워임"
        "작잘절점져종죠준줄줘즈증직집짜차찾처천청체초최추출취친코쿠크키타탁태택테토톡티파페편평포"
        "폰표프플피필학함행현형확환후히"
    ),
    8: (
        "갈갔객검겨격견곡골광괜권규극글긴길김꺼꾸끝끼났냥널넘넣녀녕높놓눈뉴늦닌답독돈됐될됩둘뒤떠"
        "또락란랍랜램럼렇련렸령론류막망머먹먼몰뭔밀및박백벌범베벤별병복볼봇붙뷰블빠빨삼석센셔션셨"
        "손쇼순술쉬슨슬승써쓸씨악앞애액앱억엄엇엔옷완왓왕왜움육응잖잠잡접졌족존좌죄죽질째쪽찍착찮"
        "참창채책챗철첫쳐총축충츠칠침캘커케켜콘큰클탄탈퇴투특틀팀팅판팔패퍼풍픽항향허험혹혼활황획"
        "효휴희힘"
    ),
    9: (
        "갑갖걱겁겼곤괴굴귀균깔깨꼭꽃꿀꿈꿔뀌끊납낮낸낼냈냉넷녁념녹논놀농눌닐닝닥닫덕덜델됨둔득듣"
        "듯딘딩딱딸땐떡떨떼똑뛰뜨뜻랐랙럽렀렌렴례롯룹률릭링맙맛맡맥맨멀멋멤몸뭘뮤믿밖밝밤밥벨벽봉"
        "봤빈빌빙빼뽑뿐삭삶샀샤섬섯솔숙숨슈싫싱싸쌓썼쓴씀씩암압앨얘얻엘엠염옆옮옵욕웃웨웹율익읽잊"
        "잔쟁젠졸줬즉즌즐즘짓징짝쯤찬찰챙척쳤촬춰측층칭칸칼캐캠컨컬컴컵켓켰콜큼킨킹턴털텐텔템튼팬"
        "폐폭푸풀퓨픈핑핸헤혀협혜홀홈홍흘흥흰힌"
    ),
    10: (
        "값갤갯걷겐겪겸곧곱깃깊깎깐깜껴꼬꽤끄끈끌끔끗낌낙낫냄냅넌넓놈놔놨뇌뇨눠닉닙닦닭닷댄댓덟덤"
        "덴됬둑둥뒀듀딜딴땅땡떴뚜뚱뜯띄랄랩랫랬략럭럴렉렛렬렵롤롭롱뢰룩룰룸륙릇릉릿맘맹멈멍멘멜멸"
        "몬몽묘묶묻므밌밍밑밴벅벗봄봅뷔븐빅빛빵뻐뿌쁘쁜샌샘샵섞섭섹셀셋셜쇄숫숲쉽슴슷싼쌀쌍씬씻앉"
        "앙앤얀엉엑엽옛옥왼욱웅웠윈윗윤융잃잇잉잭젊젝젤줌쥐짐짧쩌찌첨촉촌춘춤칙캔켤콩쾌쿄퀴큐킬탐"
        "탑탕탠텍톤톱툰튀튜틱틴팝팡팩펜펴펼폴폼핀핵헌헬혁혈혔홉횟훈휘흐흑흔흡힐"
    ),
    11: (
        "갚갱걔겹곁곰곽괄굉굳굿긍깅깝껏껑꼈꼰꼴꼼꼽꽂꽉꾼꿰뀐끓낀낄낚낡낭낯낳넉넥넬녔뇽눔뉘늄늑닛"
        "닮닿댁덩덮뎀돔돕돗둠둬뒷듬듭떄뗐똥뚫뜩뜬뜸띠랭렁롬룡룬뤄륨륭릅릎맑맴맵맺멕몫묵믹밟밭밸뱀"
        "뱅벳벼볍볕볶붉붕빔빗빚빡빽뺀뻔뼈뽀삽샴섰셈셉셰솜솥쇠숏숭슘쌩썩썬쏘쏟앗앴앵엿옳옴옹왠욜웬"
        "웰윌윙읍잎잤잰쟤젖젯좁좆줍쥬짱쩔쫓쭉쭤찐찢챔챠첩췄칫캡컷컸켄콤쿨퀘탓탭탱텀톨톰퉁튕틈틸팁"
        "팟팸펀펙펠펭푬픔핏핫햄햇헛헨헹혐훌훔훨흉흙흠힙"
    ),
}
"""The everyday syllables by how unlikely each is, in nats."""

ENGLISH_WORDS = frozenset(
    (
        "abdel abdi absorb absorbs ahab ahaha ahem airsoft airtel akram alaska alcoa aldi aldo "
        "alfalfa algo also altman alto anak andi andy angus ansel ansi aortic auden audi auditor "
        "augur augusto augustus aussie auth auto chao chaos chaudhry cheek cheeks ciao clack "
        "clans clap clark clarks clash clasp claus clem cleo coals cody corfu cork corks corp "
        "corso cowl cuddy cudi curbs curl curls dhaka dharma dhcp dial dials dian diddy didi didn "
        "didnt dido diego diem dirk dirty disk disks disown divya dixie django docu dodo doesn "
        "doggo dogma doran dorfman dork dorks dorm dorms dorn doth down downs downtown dprk dual "
        "duane duck ducks duckworth duel duels duffle duffy duran durango durham dusk duval dyck "
        "dyslexia dyslexic elan enduro envy enzo epcot eureka fiddle fidel fifths firth flack "
        "flak flan flap flaps flash flask flasks flavia flavor fleur flexor fmri foal foals "
        "foetus forgo fork forks form forma forms forth foto fowl fuchs fuck fucks fuego fuel "
        "fuels furman furor furrow furry giddy gladys goal goals gogh gogo gordo gordy gorham "
        "gorman goro gory gosh gospel gospels goth goths goto gowdy gown gowns gurl gusto guzman "
        "gyro gyrus quark quarks rhapsody rhcp rhesus roadmap roald roan rochdale rock rocks "
        "roddy rodeo rodham rodman rofl roque rosh rosso roth rotor rowdy ruddy rudi rudy ruffle "
        "rufus rural rusk russians russo ryan shady shah shaka shakti shao sharjah shark sharks "
        "sharma sharp shawl shawls shawn sheep shek shekels shem shep shoddy shortcut showdown "
        "shrek sidi siem sighs sigma signals siro sitka skeptic slab slabs slack slacks slap "
        "slaps slash slavic sleek sleep smtp snafu snap snaps snapshot snark snarl sneak sneaks "
        "soak soaks soap soaps sock socks soften soto sown spans spasms speaks sudan surah surry "
        "susan susana syfy tbsp them themself theo theodor theory thorp thrift thro thrown thru "
        "tiago todays toddy tofu togo torah torch torque torso town towns tudor turk turks turn "
        "turns tusk tusks tutor tutu video virgo vivek vocals vodka whack whoah widths woah wordy "
        "work workday works worm worms worn wyeth xhaka xiao xoxo zhao zhen ziggy zorn zorro "
    ).split()
)
"""English words whose keys write Korean-looking syllables: ``work`` is 재가."""

"""Names: stored as typed, folded only to search and to hint at duplicates.

Neither NFC nor NFKC may touch a stored name: both replace 460 ideographs people have in theirs.
"""

import re
import unicodedata

from agano_dx.lib.japanese.reading import Raw, Reading, is_invisible, plain, says_nothing

NOT_A_NAME = "氏名として読めません。氏名を文字で入力してください。"
NAME_TOO_LONG = "氏名が長すぎます。100文字以内で入力してください。"
BROKEN_NAME = "氏名に壊れた文字があります。元の名簿を確かめて、氏名を入力し直してください。"
NOT_A_KANA_NAME = "フリガナとして読めません。カタカナで入力してください。"
KANA_TOO_LONG = "フリガナが長すぎます。100文字以内で入力してください。"
KANA_WITH_OTHERS = "フリガナにカタカナ以外の文字があります。確かめて、カタカナで入力してください。"

_LENGTH = 100
_MANGLED = frozenset("?？〓■\ufffd")
_SPACES = re.compile(r"\s+")
_HALF_WIDTH = re.compile("[\uff66-\uff9d][\uff65-\uff9f]*")
_PARTED_KANA = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_KANA = re.compile("[^\u30a1-\u30fe\u31f0-\u31ff ]")
_HIRAGANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}

# 異体字: the variant first, then the form it is searched by.
_VARIANTS = """
髙高 \ufa11崎 嵜崎 \U00020bb7吉 濵浜 濱浜 邊辺 邉辺 齋斉 齊斉 斎斉 櫻桜 廣広 澤沢 龍竜 國国
嶋島 嶌島 惠恵 榮栄 眞真 德徳 瀨瀬 藪薮 槇槙 靜静 黑黒 曾曽 增増 冨富 壽寿 實実 圓円 淺浅
會会 學学 萬万 豐豊 條条 瀧滝 渕淵 彌弥 禮礼 聰聡 莊荘 藏蔵 與与 鐵鉄 鷗鴎 鄕郷 關関 靑青
橫横 檜桧 遙遥 堯尭 晉晋 寶宝 寳宝 峯峰 嶽岳 兒児 來来 衞衛 勳勲 卷巻 吳呉 戶戸 淸清 穗穂
緖緒 縣県 譽誉 賴頼 鹽塩 桒桑 \U0002363a橋 舘館 埜野 栁柳 桺柳 枩松 柗松 凉涼 㐂喜
\U0002123d土 蔣蒋 蘆芦
"""
_FOLDED = str.maketrans({pair[0]: pair[1] for pair in _VARIANTS.split()})


def read_name(raw: Raw) -> Reading[str]:
    """The name as typed; only spaces, invisible signs and half-width or parted kana change."""
    if raw is None:
        return Reading()
    if not isinstance(raw, str):
        return Reading(error=NOT_A_NAME)
    if says_nothing(raw):
        return Reading()
    if _SURROGATE.search(raw):
        return Reading(error=BROKEN_NAME)
    name = _tidied(raw)
    if len(name) > _LENGTH:
        return Reading(error=NAME_TOO_LONG)
    return Reading(name, warning=_private_warning(name))


def is_mangled(name: str) -> bool:
    """Whether a letter was lost on the way, as a CSV in CP932 loses 𠮷."""
    return not _MANGLED.isdisjoint(name)


def name_key(name: str) -> str:
    """The name folded for search and for hints of duplicates; never shown, never merged on."""
    bare = _SELECTORS.sub("", plain(name))
    return "".join(bare.split()).translate(_FOLDED).casefold()


def read_kana(raw: Raw) -> Reading[str]:
    """The reading of a name in full-width katakana, its parts separated by one ASCII space."""
    if raw is None:
        return Reading()
    if not isinstance(raw, str):
        return Reading(error=NOT_A_KANA_NAME)
    if says_nothing(raw):
        return Reading()
    kana = " ".join(plain(raw).translate(_HIRAGANA).split())
    # Hiragana with a mark of its own (NFD) can be composed only once it is katakana.
    kana = unicodedata.normalize("NFC", kana)
    if len(kana) > _LENGTH:
        return Reading(error=KANA_TOO_LONG)
    return Reading(kana, warning=KANA_WITH_OTHERS if _NOT_KANA.search(kana) else "")


def _tidied(name: str) -> str:
    kept = "".join(char for char in name if not is_invisible(char))
    spaced = _SPACES.sub("\u3000", kept).strip("\u3000")
    widened = _HALF_WIDTH.sub(lambda run: unicodedata.normalize("NFKC", run[0]), spaced)
    return _PARTED_KANA.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), widened)


def _private_warning(name: str) -> str:
    points = [f"U+{ord(char):04X}" for char in _PRIVATE.findall(name)]
    if not points:
        return ""
    return (
        f"氏名に外字（{'、'.join(points)}）があり、ほかのパソコンでは表示されません。"
        "標準の文字に置き換えられるか確かめてください。"
    )

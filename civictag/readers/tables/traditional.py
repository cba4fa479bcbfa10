"""Headings in Traditional characters (標籤, 內容, 單位): read like the Simplified ones that our lists name.

Only characters that stand in a list of headings or of yes and no are here, so that one list of names does
for both; texts are folded whole by ``civictag.text.normalize``, whose pairs these are.
"""

from __future__ import annotations

# Simplified: its Traditional forms. 覈, 鎭, 査 are what some input methods give.
_FORMS = (
    "乡鄉 内內 况況 别別 动動 几幾 区區 单單 县縣 发發 号號 复復複 实實 审審 对對 属屬 布佈 态態 报報 无無"
    " 时時 暂暫 来來 查査 标標 核覈 档檔 检檢 没沒 注註 状狀 码碼 确確 称稱 签簽籤 类類 结結 编編 认認 记記"
    " 语語 责責 过過 采採 错錯 镇鎭鎮 门門 间間 闻聞 题題"
)
_SIMPLIFIED = {ord(other): form[0] for form in _FORMS.split() for other in form[1:]}


def simplified(heading: str) -> str:
    """The heading (or yes, or no) with the characters of our lists in their Simplified form."""
    return heading.translate(_SIMPLIFIED)

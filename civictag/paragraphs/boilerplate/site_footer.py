"""Signs of the site itself: its terms, its licences, how to reach it."""

from __future__ import annotations

from civictag.paragraphs.boilerplate.sign import HINT, LIKELY, SURE, UNBROKEN, Sign
from civictag.util.patterns import one_of

# How a site speaks of itself; 本网格, 本站点 are not it.
OWN_VOICE = (
    "本网(?!格)|本[网站]站|本站(?!点)|本公众号|本平台|本[报刊]社?|(?:版|著作)权|转载|侵权|免责|稿件|作者本人|观点|立场"
    "|信息存储|仅供参考"
)

_MARKS = one_of('“"[(※*')  # that may stand before the heading of the terms

_LABELLED = (
    # The site's terms: several paragraphs, numbered like an article's, and they run to the end.
    Sign(
        "terms",
        ("声明", "说明", "须知"),
        rf"^{one_of('[(※*')}*(?:{UNBROKEN}{{0,16}}(?:版权|免责|隐私|法律|侵权|著作权))(?:与|及|和|、|归属|信息|免责|版权|隐私|转载|特别)*(?:声明|说明)(?:[\])]+|:|$)",
        SURE,
        600,
        "legal",
    ),
    Sign(
        "platform's disclaimer",
        ("信息存储", "storage", "上传并发布", "posted"),
        r"(?:提供信息存储(?:空间)?服务|informationstorage|用户上传并发布|uploaded(?:and|or)?(?:posted)?by)",
        SURE,
        600,
    ),
)

_WORDS = (
    # 「温馨提示：」 and 「声明：」 of a property company open a paragraph like any other; the site's
    # own speak of the site, its articles and who may copy them.
    Sign(
        "terms",
        ("声明", "提示", "提醒"),
        rf"^{_MARKS}*(?:(?:特别|郑重|转载|本[网站文号]|平台)?声明|温馨提示|免责提示)[\])]*:(?=.*(?:{OWN_VOICE}))",
        SURE - 3,
        500,
        "legal",
        starts=(
            "特别",
            "郑重",
            "转载",
            "本网",
            "本站",
            "本文",
            "本号",
            "平台",
            "声明",
            "温馨提示",
            "免责提示",
        ),
    ),
    Sign("who owns it", ("版权",), r"版权(?:均|归|属|所有|为)", LIKELY, 600),
    Sign(
        "how to reprint",
        ("转载", "摘编"),
        r"(?:转载|摘编|转摘).{0,16}(?:注明|标明|来源|出处|授权|许可|联系)",
        LIKELY - 1,
        600,
    ),
    Sign(
        "no reprint",
        ("未经",),
        r"未经.{0,16}(?:授权|许可|书面|同意|允许).{0,24}(?:转载|复制|使用|镜像|下载|转发|摘编|传播)",
        LIKELY,
        600,
    ),
    Sign(
        "whose view",
        ("代表", "表明", "意味"),
        r"(?:不代表|仅代表|不表明|不意味).{0,14}(?:本网|本站|本报|本号|本刊|平台|观点|立场|看法|赞同|作者)",
        LIKELY,
        600,
    ),
    Sign(
        "users' comments",
        ("网友", "评论", "跟帖", "留言"),
        r"(?:网友|用户)?(?:评论|跟帖|留言|发言).{0,6}(?:仅供?|只)(?:代表|其?表达|其)?.{0,4}个人",
        LIKELY,
        300,
        "end",
    ),
    Sign(
        "for reference only",
        ("仅供参考", "不构成"),
        r"仅供(?:读者)?参考|不构成(?:任何)?.{0,6}建议",
        HINT,
        400,
    ),
    Sign(
        "who may complain",
        ("侵权", "侵犯", "权益"),
        r"(?:侵权|侵犯|权益).{0,30}(?:联系|删除|告知|处理|撤)",
        LIKELY,
        600,
    ),
    Sign("marked as", ("注明", "标注", "署名"), r"凡.{0,14}(?:注明|标注|署名|来源)", HINT, 600),
    Sign(
        "whom to ask",
        ("联系",),
        r"(?:同|与|和)(?:本[网站报]|我们|我[网站]).{0,6}联系|联系(?:邮箱|电话|方式|我们|QQ):",
        LIKELY - 1,
        300,
    ),
    # The foot of the page.
    Sign(
        "licence number",
        ("备", "许可证", "刊号", "标识码"),
        r"ICP[备证]|网安备|(?:经营|服务|出版|视听节目)许可证》?(?:编?号)?(?:[:(]|[^\W\d_]?[\dA-Za-z]|$)|网站标识码"
        r"|(?:统一|国内)刊号|备案(?:序|编)?号[:(]?[^\W\d_]{0,3}[\dA-Za-z]",
        SURE,
        400,
    ),
    Sign(
        "copyright",
        ("opyright", "OPYRIGHT", "©", "版权所有", "eserved"),
        r"(?i:copyright)|©|(?i:rights?reserved)|版权所有",
        SURE - 1,
        400,
    ),
    Sign(
        "report abuse here",
        ("举报", "投诉"),
        rf"(?:违法|不良|有害|虚假)(?:{one_of('和及、与')}?(?:不良|违法|虚假))?信息.{{0,8}}(?:举报|投诉)"
        rf"|^{UNBROKEN}{{0,14}}举报(?:电话|邮箱|中心|入口):[^,。]*$",
        SURE - 2,
        260,
    ),
    Sign(
        "contact",
        ("热线", "电话", "邮箱", "邮编", "地址", "网址", "传真", "QQ", "微信"),
        rf"^{UNBROKEN}{{0,8}}(?:热线|电话|邮箱|邮编|地址|网址|传真|QQ群?|微信号?|联系人)(?:电话|号码)?:[^。]{{3,60}}$",
        LIKELY,
        80,
    ),
    Sign("web address", ("http", "www."), r"^.{0,16}(?:https?://|www\.)[!-~]*$", SURE, 160),
    Sign(
        "foot of the page",
        ("技术支持", "网站地图", "关于我们", "联系我们", "网站声明", "广告服务", "维护"),
        r"(?:技术支持|网站地图|关于我们|联系我们|网站声明|广告服务|网站维护|隐私保护)",
        LIKELY,
        160,
    ),
)

SITE = (
    *(sign._replace(sentences=True) for sign in _LABELLED),
    *(sign._replace(sentences=True, alone=False) for sign in _WORDS),
)

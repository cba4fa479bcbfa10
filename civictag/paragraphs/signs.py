"""What page furniture looks like: a table of signs, each with its weight and the reason for it.

A sign adds its weight to the evidence that a line is furniture; the shape of a line (``shapes``) is the
evidence that it is prose, at most 9 points. SURE outweighs any prose within the sign's reach, LIKELY all
but full paragraphs, HINT counts only together with others: a paragraph of an article may well say
「转载请注明来源」, but not that, a licence number and a reporting hotline at once.

Patterns see a line without its blanks and with ASCII colons, brackets and bars. ``cues`` are literals of
which one must stand in the page before the pattern is tried at all: that keeps a page under a millisecond.
"""

from __future__ import annotations

from typing import NamedTuple

SURE, LIKELY, HINT = 10, 5, 3

_DAY = r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_ROLES = (
    "作者|记者|文图?|文字|撰文|撰稿|采写|供稿|投稿|通讯员|摄影|摄像|图文?|图片|图源|摄|编辑|责编|美编|责任编辑|"
    "见习编辑|实习编辑|本期编辑|新媒体编辑|网络编辑|校对|校审|责任校对|审核|审校|审读|审签|编审|初审|复审|一审|二审|"
    "三审|终审|一读|二读|三读|一校|二校|三校|监制|总监制|监审|策划|总策划|统筹|主编|执行主编|总编辑?|值班总编|值班主任|"
    "值班编委|制作|制图|设计|排版|主管|出品|编发|签发|核稿|核发|录入|上传|发布者?|发布人|整理|剪辑|视频|音频|播音|配音|"
    "资料|素材|部分素材|来稿|签审|审定|责任人|信息员|上观号作者|本文作者|原作者"
)
_HEADS = (
    "(?:相关|延伸|拓展|扩展|推荐|热门|精彩|更多|往期|最新|最近|近期|本类|同类|站内|今日|热点|图片|视频|点击|特别|精选|"
    "随机|本周|本月|一周|实时|人气|文章|新闻|阅读|编辑|为您|为你|小编|栏目|专题|关联|猜你|您?还|大家|你也|您?可能)"
    "(?:的|最新|热门|精彩|也|都|还|在|正在|会|您|感|对)*"
    "(?:阅读|链接|报道|新闻|文章|推荐|内容|资讯|回顾|喜欢|感?兴趣|排行|热点|专题|更新|发布|稿件|信息|图集|图片|要闻|"
    "视频|看|想看|爱看|关注|话题|导读|动态|评论文章|精彩|热门|主题|日记|作文|句子)榜?"
)
_MENU = (
    "网站|首页|主页|新闻|要闻|时政|政务|本地|社会|经济|财经|文化|体育|娱乐|教育|健康|旅游|科技|军事|国际|国内|专题|视频|"
    "图片|图库|评论|论坛|博客|微博|微信|客户端|官方微信|官方微博|今日头条|抖音|快手|数字报刊?|电子报|手机报|手机版|"
    "无障碍|适老版|简体|繁体|English|登录|注册|邮箱|搜索|导航|关于我们|联系我们|网站地图|友情链接|帮助|设为首页|加入收藏|"
    "文明播报|文明创建|志愿服务|道德模范|未成年人|公益广告|通知公告|政策文件|打印|关闭|收藏|分享|转发|点赞|在看|赞|举报|"
    "投诉|纠错|返回|顶部|列表|复制链接|朋友圈|QQ空间|QQ好友|QQ|新浪微博|腾讯微博|人人网|豆瓣|字体|字号|大|中|小|A|"
    "写评论|菜单|关注|取消|确定|更多|全部|推荐|热点|直播|滚动|频道|联盟网站|主站|阅读|留言|喜欢|听新闻|播放|暂停"
)


class Sign(NamedTuple):
    """One kind of furniture.

    Attributes:
        why: what it is, for people (``explain``).
        cues: literals, one of which the page must hold; none: always tried.
        pattern: searched in the squeezed line.
        weight: points of evidence.
        reach: the longest line, in characters without blanks, that it can speak about.
        zone: what it says of its surroundings: ``top`` (all above is furniture), ``byline`` (the title
            stands above), ``list`` (links to other articles follow), ``legal`` (the site's own terms follow),
            ``end`` (nothing of the article follows), ``page`` (a page number: the text goes on behind it).
    """

    why: str
    cues: tuple[str, ...]
    pattern: str
    weight: int
    reach: int
    zone: str = ""


SIGNS = (
    # Above the article.
    Sign(
        "breadcrumb",
        ("位置",),
        r"^[【\[]?(?:您|你)?(?:的|现在的)?(?:当前|所在|现在)*的?位置",
        SURE,
        80,
        "top",
    ),
    Sign("breadcrumb", ("首页",), r"^(?:网站)?首页(?:[>»›→/·|-]|$)", SURE, 80, "top"),
    Sign("breadcrumb", (">", "»", "›"), r"^[^>»›。,，]{1,16}(?:[>»›]+[^>»›。,，]{0,18})+$", SURE, 70, "top"),
    Sign("date and time", (), rf"^(?:{_DAY})?(?:星期.|周.)?(?:{_CLOCK})?$", SURE, 30, "byline"),
    Sign("date at the end", (), rf"{_DAY}(?:星期.|周.)?(?:{_CLOCK})?$", LIKELY, 34, "byline"),
    Sign(
        "date, then source",
        (),
        rf"^{_DAY}(?:{_CLOCK})?(?:来源|作者|浏览|阅读|编辑|发布|点击|[|])",
        SURE,
        110,
        "byline",
    ),
    Sign(
        "date line",
        ("时间", "日期"),
        r"^\(?(?:发布|发表|更新|上传|录入|创建|编辑|提交|发文|发稿|新闻)?(?:时间|日期):",
        SURE,
        110,
        "byline",
    ),
    Sign(
        "source line",
        ("来源", "出处"),
        r"^[【\[(]?(?:信息|文章|稿件|新闻|内容|消息|资料|本文)?(?:来源|出处)[:|/]",
        SURE,
        90,
        "byline",
    ),
    Sign(
        "source within",
        ("来源",),
        r"来源:.{0,24}(?:作者|编辑|时间|日期|记者|浏览|阅读|点击|字[体号]|20\d\d)",
        SURE,
        110,
        "byline",
    ),
    Sign("source last", ("来源",), r"(?:作者|时间|日期|记者|编辑|\d{2}):?.{0,20}来源:", SURE, 110, "byline"),
    Sign("font size", ("字体", "字号"), r"字[体号]:?[\[【(<]*(?:大|小|中|\]|A|T)", SURE, 110, "byline"),
    Sign(
        "read count",
        ("浏览", "阅读", "点击", "访问", "人气"),
        r"(?:浏览|阅读|点击|访问|人气)(?:次数|人数|量|数|人次)?[:(]?\d+|(?:浏览|点击|访问)(?:次数|量|数):",
        SURE,
        60,
        "byline",
    ),
    Sign("original headline", ("原标题", "原题"), r"^\(?原(?:标题|题目?):", SURE, 90),
    # Who made it.
    Sign(
        "credit",
        (":", "|", "丨", "/"),
        rf"^[(【\[]?(?:{_ROLES})(?:单位|人员?|部门|组)?(?:[:|丨/].{{0,40}}|[、/&](?:{_ROLES})[:|丨/].{{0,30}})$",
        SURE,
        70,
    ),
    Sign("credits in a row", (":", "|", "丨"), rf"(?:(?:{_ROLES})[:|丨].{{1,12}}){{2,}}$", SURE, 160),
    Sign(
        "credit without colon",
        ("编辑", "责编", "校对", "审核", "监制", "终审", "记者", "通讯员"),
        r"^(?:责任编辑|责编|编辑|校对|审核|监制|终审|作者|记者|通讯员)[一-鿿]{2,4}$",
        SURE,
        9,
    ),
    Sign(
        "reporter",
        ("记者", "通讯员"),
        r"^[(【]?(?:□|■|●)?[^,。:]{0,14}(?:记者|通讯员)[^,，。:;]{2,20}(?:摄影)?(?:报道|文/图|文图|图文|摄|图|采写|整理)?[)】]?$",
        SURE,
        34,
    ),
    Sign(
        "credit in brackets",
        ("(",),
        r"^\(.{0,24}(?:记者|通讯员|作者|来源|供稿|编辑|供图|图片|摄影|文/|图/|[一-鿿]摄|稿源).{0,24}\)$",
        SURE,
        50,
    ),
    Sign(
        "credits of a page",
        ("本版", "本报", "本组", "本文"),
        r"^\(?本(?:版|报|组|文|期)(?:稿件|图片|文图|照片|文字|内容|除).{0,60}(?:采写|摄|提供|供图|策划|撰|署名)",
        SURE,
        100,
    ),
    Sign("organiser", ("主办", "承办", "主管", "版权"), r"(?:主办|承办|主管|版权所有)(?:单位)?$", LIKELY, 30),
    Sign(
        "organiser", ("主办", "承办", "主管"), r"^(?:主办|承办|协办|主管|指导)(?:单位)?:.{2,40}$", LIKELY, 44
    ),
    # Pictures.
    Sign(
        "caption",
        ("图",),
        r"^[(【]?(?:图为|图[①-⑳一二三四五六七八九十\d]{1,2}[:、为]|[上下左右]图[:为、]|[资题配]料?图)",
        SURE,
        120,
    ),
    Sign("caption", ("▲", "△", "▼", "▽", "↑", "↓"), r"^[▲△▼▽↑↓]", SURE, 70),
    Sign("photographer", ("摄", "供图"), r"[一-鿿]{2,4}(?:摄|供图|摄影)\)?$", LIKELY, 50),
    Sign(
        "player",
        ("视频", "音频", "播放"),
        r"^(?:视频|音频)?(?:加载中|播放器?|不支持|无法播放|缓冲)",
        SURE,
        40,
    ),
    # Follow, share, like.
    Sign(
        "follow",
        ("扫", "长按", "二维码"),
        r"(?:扫一扫|扫码|扫描|长按|识别).{0,14}(?:关注|二维码|分享|添加|下载|阅读|手机|我们)",
        LIKELY + 1,
        60,
    ),
    Sign(
        "follow",
        ("点击", "戳", "蓝字"),
        r"(?:点击|戳|轻触|点).{0,12}(?:关注|蓝[字色]|阅读原文|订阅|上方|下方|下载|查看更多|展开)",
        LIKELY + 1,
        50,
    ),
    Sign(
        "follow",
        ("关注",),
        r"^(?:请|欢迎|敬请|快来|记得)*关注.{0,22}(?:公众号|微信|微博|视频号|我们|抖音|客户端)?[!~]*$",
        LIKELY,
        34,
    ),
    Sign(
        "follow",
        ("公众号", "视频号", "微信号"),
        r"^[^,，。]{0,20}(?:公众号|视频号|微信号)(?:[:|].{0,24})?$",
        LIKELY,
        40,
    ),
    Sign("share", ("分享", "转发"), r"^(?:一键)?(?:分享|转发)(?:到|至|给|:|本文|文章|$)", SURE, 60),
    Sign(
        "like",
        ("赞", "在看", "三连"),
        r"(?:点个?[赞在]|点亮在看|点击在看|求分享|求转发|一键三连|赞\+在看)",
        LIKELY + 1,
        44,
    ),
    Sign(
        "more",
        ("阅读", "查看", "展开", "加载", "更多", "下载", "原文", "详情"),
        r"^[\[【(<>·]*(?:阅读原文|阅读全文|阅读剩余|查看原文|查看全文|查看更多|原文链接|展开(?:全文|阅读|剩余|更多)?|加载更多|点击加载"
        r"|更多|更多(?:精彩|内容|新闻|>)|下载APP|下载客户端|打开APP|详情).{0,12}$",
        SURE,
        26,
    ),
    Sign(
        "WeChat's own words",
        (
            "原创",
            "以下文章",
            "收录于",
            "发表于",
            "轻点",
            "预览时",
            "滑动",
            "留言",
            "小程序",
            "划线",
            "合集",
            "轻触",
        ),
        r"^(?:原创(?:[^,，。]{0,14})$|以下文章来源于|收录于|发表于|轻点两下|预览时标签|微信扫一扫|继续滑动|[向上]+滑动看|轻触阅读|"
        r"选择留言身份|使用小程序|视频小程序|写留言|写下你的留言|\d+人划线|#.{1,10}合集|\d+个)",
        SURE,
        40,
    ),
    Sign(
        "window buttons",
        ("打印", "关闭", "返回", "收藏", "顶部"),
        r"^[\[【(|]*(?:打印|关闭|返回|收藏|回到)(?:本页|窗口|首页|列表|顶部|上一页|上页|页面|本文)*[\]】)|]*.{0,6}$",
        SURE,
        20,
    ),
    Sign("menu words", (), rf"^(?:(?:{_MENU})[|/·>、,\[\]:\-(]*\d*\)?)+$", SURE, 90),
    # Links to other articles: to the end, or until whole paragraphs follow each other again.
    Sign(
        "list of articles",
        (),
        rf"^[【\[■◆●▎|>·#*•]*{_HEADS}[】\]:|>…·]*(?:更多|换一[批换])?[>+…]*$",
        SURE,
        16,
        "list",
    ),
    Sign(
        "list of articles",
        ("猜你", "感兴趣", "看过", "还看了", "热搜", "排行"),
        r"^[【\[]?(?:猜你喜欢|.{0,6}感兴趣.{0,4}|看过.{0,4}还看了?|大家都?在看|.{0,4}热搜榜?|.{0,6}排行榜?)[】\]:]*$",
        SURE,
        14,
        "list",
    ),
    Sign(
        "neighbour",
        ("上一", "下一", "前一", "后一"),
        r"^[<«‹\[【(]*(?:[上下前后]一?[篇条页版期]|上一则|下一则)(?:[:>》\]】)]|$|文章|新闻|没有)",
        SURE,
        90,
        "list",
    ),
    Sign(
        "comments",
        ("评论", "留言", "跟帖", "说两句"),
        r"^(?:网友|最新|热门|全部|精选|用户|我要|我来|发表|文章|所有|查看|参与|相关)*(?:评论|留言|跟帖|说两句)(?:区|列表|内容|\(?\d*\)?条?)?:?$",
        SURE,
        14,
        "end",
    ),
    Sign(
        "friend sites",
        ("友情链接", "友情连接", "合作媒体"),
        r"^[【\[]?(?:友情[链连]接|合作媒体|合作伙伴)",
        SURE,
        60,
        "end",
    ),
    # The site's terms: several paragraphs, numbered like an article's, and they run to the end.
    Sign(
        "terms",
        ("声明", "说明", "须知"),
        r"^[【\[(※*]*(?:[^,，。:]{0,16}(?:版权|免责|隐私|法律|侵权|著作权))(?:与|及|和|、|归属|信息|免责|版权|隐私|转载|特别)*(?:声明|说明|须知)",
        SURE,
        600,
        "legal",
    ),
    Sign(
        "terms",
        ("声明", "提示", "提醒"),
        r"^[【\[(※*]*(?:(?:特别|郑重|转载|本[网站文号])?声明|温馨提示|免责提示)[】\])]*:",
        SURE - 3,
        500,
        "legal",
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
        ("代表",),
        r"(?:不代表|仅代表|并不意味着?|不意味).{0,14}(?:本[网站报号]|平台|观点|立场|赞同|作者)",
        LIKELY,
        600,
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
        r"ICP[备证]|网安备\d|公网安备|(?:经营|服务|出版|视听节目)许可证|网站标识码|(?:统一|国内)刊号|备案(?:号|序号|编号)",
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
        r"(?:违法|不良|有害|虚假)(?:[和及、与]?(?:不良|违法|虚假))?信息.{0,8}(?:举报|投诉)|举报(?:电话|邮箱|中心|入口):",
        SURE - 2,
        260,
    ),
    Sign(
        "contact",
        ("热线", "电话", "邮箱", "邮编", "地址", "网址", "传真", "QQ", "微信"),
        r"^(?:[^,，。:]{0,8})(?:热线|电话|邮箱|邮编|地址|网址|传真|QQ群?|微信号?|联系人)(?:电话|号码)?:[^。]{3,60}$",
        LIKELY,
        80,
    ),
    Sign("web address", ("http", "www."), r"^.{0,16}(?:https?://|www\.)[^一-鿿]*$", SURE, 160),
    Sign(
        "foot of the page",
        ("技术支持", "网站地图", "关于我们", "联系我们", "网站声明", "广告服务", "维护"),
        r"(?:技术支持|网站地图|关于我们|联系我们|网站声明|广告服务|网站维护|隐私保护)",
        LIKELY,
        160,
    ),
    # Marks of a page, and words that stand for a place rather than say something.
    Sign(
        "page number",
        (),
        r"^[-—–·.]*第?[A-Z]?\d{1,4}[版页]?(?:[-—–·./]+(?:共?\d{1,4})?页?)?(?:/\d{1,4})?(?:共\d+页)?$",
        SURE,
        12,
        "page",
    ),
    Sign(
        "page name",
        ("版",),
        r"^(?:当前版?|本版|第)?:?[A-Z]?\d{1,3}版[:：]?[^,，。]{0,10}$|^[收展][开缩起]通版$|^通版阅读",
        SURE,
        20,
        "page",
    ),
    Sign(
        "number of a part", ("PART", "Part", "part", "NO", "No"), r"^(?i:part|no)\.?\d{1,2}$", SURE, 8, "page"
    ),
    Sign(
        "label of a part",
        (),
        r"^[【\[(]?(?:编者[按语]|编者的话|核心提示|导语|导读|摘要|内容提要|引言|开栏的?话|提要|记者手记)[】\])]?:?$",
        SURE,
        8,
    ),
    Sign(
        "keywords",
        ("关键词", "关键字", "标签", "Tags", "tags", "责任"),
        r"^(?:关键[词字]|标签|[Tt]ags?|分类|栏目)[:|]",
        SURE,
        80,
    ),
    Sign("the end", (), r"^[-—–·*=(【]*(?:END|End|end|完|全文完|THEEND|TheEnd)[-—–·*=)】]*$", SURE, 12),
)

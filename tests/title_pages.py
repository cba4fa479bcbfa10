"""Invented pages whose title and headline disagree in the ways of real sites: (kind, markup, headline)."""

from __future__ import annotations

A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员。"
C = "入夏以后，镇里又请物业公司修好了三处漏水的下水道，雨天出门不用再绕着水坑走。"
X = "石桥镇的小巷变了样"
MENU = (
    "<ul class='nav'><li><a href='/'>首页</a></li><li><a href='/a'>要闻</a></li><li><a>通知公告</a></li></ul>"
)
MORE = (
    "<div class='side'><h2>热门推荐</h2><ul><li><a href='/1'>石桥镇办消夏晚会 千人同唱一首歌</a></ul></div>"
)
LANES = "走笔石桥 | 小巷里的清晨保洁员"
DAWN = f"{X} 保洁员天亮前就出门"
CENTRE = "志愿者走进石桥镇中心社区"
LAMPS = "石桥镇 5G 路灯照亮 G20 公路旁的小巷"
NET = "石桥镇织密小巷保洁网"
H1 = "<h1>{}</h1>"
H2 = "<h2>{}</h2>"
H3 = "<h3 class='t'>{}</h3>"
DIV = "<div class='bt'>{}</div><div>2023-04-05 来源：石桥报</div>"
CELL = "<table><tr><td align=center><font size=5><b>{}</b></font></td></tr></table>"
META = "发布时间：2023-04-05 09:12　来源：石桥报　浏览次数：118"


def page(title: str, above: str = "", head: str = "") -> str:
    """A page with ``title`` in its head and ``above`` over its three paragraphs."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{MENU}<div id='main'>{above}"
        f"<div class='text'><p>{A}</p><p>{B}</p><p>{C}</p></div></div>{MORE}</body></html>"
    )


def shown(title: str, headline: str = X, form: str = H1) -> tuple[str, str]:
    """A page that shows its headline in ``form``, and the headline."""
    return page(title, form.format(headline) + f"<div>{META}</div>"), headline


def named(title: str, headline: str = X, head: str = "") -> tuple[str, str]:
    """A page that has its headline only in its ``<title>``, with names around it."""
    return page(title, f"<div>{META}</div>", head), headline


PAGES: list[tuple[str, tuple[str, str]]] = [
    ("long name of an office", named(f"{X}-石桥县住房和城乡建设局网站")),
    ("name of an office, dashed", named(f"{X} - 石桥县农业农村局")),
    ("two levels", named(f"{X}--社会·民生--石桥网")),
    ("three levels", named(f"{X}_城事_社会_石桥新闻网")),
    ("levels with blanks", named(f"{X} - 要闻动态 - 石桥区人民政府")),
    ("bars", named(f"{X}|石桥|社区")),
    ("double angle", named(f"{X} » 石桥文明网")),
    ("blank and a unit", named(f"{X} 东坪办事处_石桥网")),
    ("blank and a hospital", named(f"{X} 石桥县人民医院")),
    ("blank and a school", named(f"{X} 石桥第二中学")),
    ("stray words", named(f"{X}-石桥科普网无标题文档")),
    ("stray English words", named(f"{X} Untitled Document")),
    ("home page in the title", named(f"{X}_石桥文明网_首页")),
    ("powered by", named(f"{X} - 石桥文明网 - Powered by SiteCMS")),
    ("site first", shown(f"石桥文明网 - {X}")),
    ("site first, a bar", shown(f"石桥县人民政府 | {X}", form=DIV)),
    ("site first, unshown", named(f"石桥文明网_{X}")),
    ("site in corner brackets", named(f"【石桥文明网】{X}")),
    ("column first", shown(f"通知公告 - {X}", form=CELL)),
    ("place, colon", shown(f"石桥：{X}_中国文明网", f"石桥：{X}", DIV)),
    ("title is the column", shown("通知公告 - 石桥县人民政府网", form=DIV)),
    ("title is the column, a cell", shown("工作动态", form=CELL)),
    ("title is the site", shown("石桥新闻网", form=DIV)),
    ("title is the site, third level", shown("石桥新闻网", form=H3)),
    ("title is the office", shown("石桥县城市管理局", form=CELL)),
    ("title is 'article'", shown("正文", form=DIV)),
    ("title is 'details'", shown("信息详情", form=H2)),
    ("title is empty", shown("", form=DIV)),
    ("title is empty, h1 is the site's", (page("", H1.format("石桥文明网") + DIV.format(X)), X)),
    ("title is the site, h1 too", (page("石桥文明网", H1.format("石桥文明网") + DIV.format(X)), X)),
    ("h1 is the site's", (page(f"{X}_石桥文明网", H1.format("石桥文明网") + H2.format(X)), X)),
    ("h1 is the column's", (page(f"{X}_石桥文明网", H1.format("工作动态") + DIV.format(X)), X)),
    ("h1 is a logo's picture", (page(f"{X}-石桥报", "<h1><img src=logo.gif></h1>" + DIV.format(X)), X)),
    ("h1 beside", (page(f"{X} - 石桥在线", f"<div>{META}</div>" + H1.format("扫一扫关注我们")), X)),
    (
        "title cut by the system",
        (
            page("石桥镇的小巷变了样 保洁员天亮…-石桥网", H1.format(f"{X} 保洁员天亮前就出门")),
            f"{X} 保洁员天亮前就出门",
        ),
    ),
    ("hyphen inside", named("石桥周刊 #026 - 志愿者在行动", "石桥周刊 #026 - 志愿者在行动")),
    ("hyphen inside, shown", shown("石桥周刊 #026 - 志愿者在行动-石桥网", "石桥周刊 #026 - 志愿者在行动")),
    ("dash inside", named("小巷亮了——记石桥镇的路灯改造_石桥网", "小巷亮了——记石桥镇的路灯改造")),
    ("blank inside", named("石桥镇清扫小巷 居民拍手叫好-石桥新闻网", "石桥镇清扫小巷 居民拍手叫好")),
    ("bar inside", shown("走笔石桥｜小巷里的清晨_石桥网", "走笔石桥｜小巷里的清晨", H1)),
    (
        "bar inside, unshown",
        named(f"{LANES} - 石桥新闻网", LANES),
    ),
    ("quotation", named("“小站”开张 邻里帮忙_石桥文明网", "“小站”开张 邻里帮忙")),
    ("question", named("小巷脏了谁来管？-石桥在线", "小巷脏了谁来管？")),
    ("headline ends like a site", shown(f"{NET}_石桥新闻网", NET)),
    (
        "headline ends like an office",
        named(f"{CENTRE}-石桥县融媒体中心", CENTRE),
    ),
    (
        "letters and numbers",
        named(f"{LAMPS}-石桥网", LAMPS),
    ),
    ("notice", shown("关于开展小巷整治的通知-石桥镇人民政府", "关于开展小巷整治的通知", CELL)),
    ("short headline", shown("倡议书-石桥县志愿者协会", "倡议书", H1)),
    ("short headline, unshown title", shown("石桥文明网", "倡议书", H1)),
    ("share title", named("石桥网", X, f"<meta property='og:title' content='{X}_石桥网'>")),
    ("name of the meta", named("石桥县人民政府", X, f"<meta name='ArticleTitle' content='{X}'>")),
    (
        "headline over two lines",
        (page(f"{DAWN}-石桥网", H1.format(DAWN.replace(" ", "<br>"))), DAWN),
    ),
    ("picture's title", (page(f"{X}-石桥网", "<svg><title>分享</title></svg>" + DIV.format(X)), X)),
    ("entities", named("&ldquo;小站&rdquo;开张&nbsp;邻里帮忙_石桥网", "“小站”开张 邻里帮忙")),
]

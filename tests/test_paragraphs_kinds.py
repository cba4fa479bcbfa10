"""Kinds of line that were once taken for the wrong thing, several of each, in a whole article."""

from __future__ import annotations

import pytest
from paragraph_pages import body, headings, key

from civictag.datamodel import Article, Document
from civictag.paragraphs import split

TITLE = "石桥镇的小巷变了样"
FIRST = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影。"
SECOND = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员。"
THIRD = "入夏以后，镇里又请物业公司修好了三处漏水的下水道，雨天出门不用再绕着水坑走。"


def article(*lines: str, title: str = "") -> Article:
    return split(Document("a", "\n".join(lines), title=title))


def kind_of(line: str, result: Article) -> str:
    return next((p.kind for p in result.paragraphs if p.text == line.strip()), "joined")


STATEMENTS = [
    # A word of a site's footer in a sentence of its own.
    "检查组走进街边的饭馆，逐家核对食品经营许可证，叮嘱店主把后厨的垃圾桶盖好。",
    "镇里把乱扔垃圾的举报电话：6620114印在每张挂历上，半年来接到居民反映四十多件。",
    "物业服务合同已到住建局备案，备案号：石物备0231，业主在公告栏里就能查到收费标准。",
    "社区志愿服务队的网页已经备案（鲁ICP备10203040号），大家可以在那里查看自己的服务时长。",
    "宣传栏上写着技术支持由镇中学的老师提供，孩子们负责每周换一次垃圾分类的知识问答。",
    "他写的《文明小巷》版权归镇文化站所有，站里印了五百册，免费送给每一户居民。",
    "社区请来律师讲侵权责任，有人高空抛物砸坏了楼下的车，该由谁来赔，大家听得很认真",
    "志愿者把不良信息举报的办法编成了顺口溜，在广场上一遍遍说给老人听。",
    "扫描门口的二维码就能预约大件垃圾上门收取，物业的师傅会在当天晚饭前到，快来试试吧！",
    "小程序里有一个随手拍，居民看见井盖坏了就点击上传，半天之内就有人来修。",
    # A notice that is a paragraph of the article.
    "温馨提示：装修垃圾请装袋后放到小区东门的临时堆放点，物业每天上午统一清运，请不要留在楼道里。",
    "声明：物业公司不收取任何装修押金，如有人以物业名义上门收费，请业主立即向社区反映。",
    "特别提醒：雨季将至，请各位邻居检查自家阳台的花盆，把容易掉落的东西搬进屋里。",
    # No stop at the end.
    "接下来镇里还要把背街小巷的路灯全部换成节能灯并请居民代表一起验收",
    "孩子们放学后也跟着爷爷奶奶一起捡烟头，小小的背影成了巷子里最好看的风景～",
    "大家你一铲我一锹，不到半天就把河边的垃圾清干净了😀",
    "谢谢每一位在寒风里守护着我们的保洁员，是你们让这座小镇干干净净！（石桥融媒评论员 钱小米）",
    "在场的居民纷纷拿起扫帚跟着志愿者一起清扫巷子里积了一冬的落叶和尘土直到天黑才回家",
    # Items that begin with a digit after their mark are told by their neighbours: see below.
]


@pytest.mark.parametrize("place", [2, 3, 5])
@pytest.mark.parametrize("line", STATEMENTS)
def test_what_says_something_is_body_and_costs_no_neighbour(line: str, place: int) -> None:
    lines = [TITLE, FIRST, SECOND, THIRD, FIRST.replace("四月", "五月")]
    lines.insert(place, line)
    assert body(article(*lines)) == [key(text) for text in lines[1:]]


FURNITURE = [
    "网友评论只代表其个人看法，并不表明石桥网立场。",
    "跟帖仅供网友表达个人看法，并不代表本网观点。",
    "“声明：以上内容由平台用户上传并发布，本平台仅提供信息存储服务。”",
    "Notice: The content above is uploaded by a user of a platform for information storage.",
    "Notice: The text and pictures above are uploaded and posted by a user of this platform.",
    "小巷里的路灯修好了，居民们为什么还愿意每天晚上多走两百米到镇口的文化广场上去跳舞呢？ 2023-04-11",
    "石桥镇召开推进会，部署背街小巷整治工作。会议要求各村倒排工期……【详细】",
    "入夏以来，各村把清沟渠、除杂草排上日程，干部带头下沟……[查看全文]",
    "石桥镇组织党员干部走进各村开展春季环境卫生大扫除并为困难老人清理院落和房前屋后的杂草 2023-04-11",
    "（作者系石桥镇中心小学教师）",
    "作者简介：钱小米，石桥镇人，写过多篇关于小巷的散文。",
    "版权声明：凡注明来源为石桥网的作品，未经授权不得转载。",
    "声明：本网转载此文是为了传递更多信息，如有侵权请联系删除。",
    "ICP备案：鲁ICP备10203040号，公网安备37010202000001号",
    "长按识别下方二维码，关注石桥发布公众号，了解更多身边的事",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_at_the_end(line: str) -> None:
    result = article(TITLE, FIRST, SECOND, THIRD, line)
    assert kind_of(line, result) == "furniture"
    assert body(result) == [key(FIRST), key(SECOND), key(THIRD)]


def test_an_article_goes_on_after_the_terms_of_a_site_that_stand_within_it() -> None:
    terms = "版权声明：凡注明来源为石桥网的作品，未经授权不得转载，违者将被追究责任，请各位读者谅解。"
    result = article(TITLE, FIRST, terms, SECOND, THIRD)
    assert body(result) == [key(FIRST), key(SECOND), key(THIRD)]


@pytest.mark.parametrize(
    "title",
    ["关于印发《石桥镇小巷整治方案》的通知", "石桥镇转发《石桥镇小巷整治方案》", "石桥镇小巷整治方案"],
)
def test_an_annexed_plan_does_not_head_the_notice_above_it(title: str) -> None:
    notice = "《石桥镇小巷整治方案》已经镇政府同意，现印发给你们，请组织志愿者认真做好清扫和宣传工作。"
    result = article(
        "各村民委员会：",
        notice,
        "石桥镇人民政府",
        "2023年4月3日",
        "石桥镇小巷整治方案",
        FIRST,
        SECOND,
        title=title,
    )
    assert {key(notice), key(FIRST), key(SECOND)} <= set(body(result))


CAPTIONS = [
    "四月十二日上午，石桥镇的志愿者在东街清理墙上的小广告，三个小时里一共铲除了两百多处，"
    "路过的居民也停下来帮忙。石桥报记者 钱小米 摄",
    "图书馆前的广场上，孩子们把画好的垃圾分类海报贴满了整面墙，家长和老师一起给每一张海报打分，"
    "选出了十张最好的（石桥融媒 供图）",
    "东街的墙面重新刷成了白色，电线也整理进了线槽，住在这里四十年的老人说这是他见过的最大的变化"
    "（注：不含西街的两处院落）",
    "河边的步道两侧新种了三百棵垂柳，傍晚来这里散步的人比去年多了一倍还不止，物业每天清扫两次 图/钱小米",
    "东街的墙面重新刷成了白色，电线也进了线槽，住了四十年的老人说从没这样整齐（注：不含西街两处院落）",
    "志愿者在东街清理墙上的小广告，三个小时里一共铲除了两百多处，路过的居民也来帮忙（石桥融媒供图）",
]


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_is_not_glued_to_the_paragraph_below(caption: str) -> None:
    found = body(article(TITLE, FIRST, "", caption, "", SECOND, THIRD))
    assert found[-2:] == [key(SECOND), key(THIRD)]
    below = body(article(TITLE, FIRST, caption, SECOND, THIRD))
    assert below[-2:] == [key(SECOND), key(THIRD)]


def test_chapters_head_and_articles_say() -> None:
    lines = [
        "石桥市文明行为促进条例",
        "第一章 总则",
        "第一条 为了引导文明行为，提升公民素质，根据有关法律，结合本市实际，制定本条例。",
        "第二条 本条例适用于本市行政区域",
        "第二章 行为规范",
        "第一节 公共卫生",
        "第十一条 公民应当爱护公共环境，不得有下列行为：",
        "（一）随地吐痰、便溺；",
        "（二）从建筑物中向外抛掷物品。",
        "第三章 附则",
        "第一百二十条 本条例自发布之日起施行",
    ]
    result = article(*lines)
    assert set(headings(result)) == {key(line) for line in (lines[0], lines[1], lines[4], lines[5], lines[9])}
    assert body(result) == [key(line) for line in lines if key(line) not in headings(result)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("申请公租房的家庭还应当符合以下条件：", "body"),
        ("物业服务企业应当保存下列资料：", "body"),
        ("具体安排如下：", "body"),
        ("钱大爷一边扫地一边对身边的孩子们说：", "body"),
        ("活动时间：", "heading"),
        ("各村民委员会、镇直各单位：", "heading"),
        ("尊敬的居民朋友们：", "heading"),
        ("第一节课讲的是垃圾该怎样分，孩子们听得很认真。", "body"),
        ("第三章 监督管理", "heading"),
        ("一、环境一天比一天好，大家的干劲也越来越足了", "heading"),
        ("石桥镇：让每一条小巷都成为孩子们愿意奔跑的地方", "heading"),
    ],
)
def test_headings_and_what_opens_a_list(line: str, kind: str) -> None:
    assert kind_of(line, article(TITLE, FIRST, line, SECOND, THIRD)) == kind


@pytest.mark.parametrize(
    "items",
    [
        ["1.三代同住的家庭；", "2.有残疾人的家庭；", "3.2人户中母女或父子同住的家庭；"],
        ["1、2021年开始给小巷装路灯", "2、2022年修好全部下水道", "3、2023年请来物业公司"],
        ["1.2019年以前登记的老户；", "2.3口以上的家庭；"],
    ],
)
def test_items_that_begin_with_a_number_are_items(items: list[str]) -> None:
    assert body(article(TITLE, FIRST, *items, SECOND))[1:-1] == [key(item) for item in items]


def test_an_amount_is_no_mark() -> None:
    line = "3.2万元的善款全部用来给小巷装扶手，账目贴在社区门口。"
    assert kind_of(line, article(TITLE, FIRST, line, SECOND)) == "body"


def test_headlines_of_other_articles_stay_out() -> None:
    links = [
        "石桥镇的河水清了，大家都说好",
        "钱大爷和他的小巷，三十年没有变过",
        "这条路上的每盏灯都有了自己的名字",
    ]
    assert body(article(TITLE, FIRST, SECOND, THIRD, *links)) == [key(FIRST), key(SECOND), key(THIRD)]


def wrapped(text: str, width: int) -> list[str]:
    return [text[n : n + width] for n in range(0, len(text), width)]


@pytest.mark.parametrize("width", [27, 30, 34, 40])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_letter_of_few_lines_is_put_together_again(width: int, count: int) -> None:
    paragraphs = [p for p in (FIRST, SECOND, THIRD) if len(p) % width][:count]
    lines = [line for p in paragraphs for line in wrapped(p, width)]
    assert body(article(TITLE, *lines)) == [key(p) for p in paragraphs]


@pytest.mark.parametrize(
    "lines",
    [
        ["春风吹进小巷里，扫帚声声唤黎明", "老人孩子齐上阵，石桥处处是新景"],
        [
            "石桥镇小巷变了样，居民出门心情好",
            "石桥镇河水清又清，孩子放学唱歌谣",
            "石桥镇路灯亮又亮，老人散步不用愁",
        ],
    ],
)
def test_verse_is_not_wrapped_text(lines: list[str]) -> None:
    joined = "".join(lines)
    assert key(joined) not in body(article(TITLE, FIRST, *lines, SECOND))


@pytest.mark.parametrize("text", ["文明创建", "责任编辑：钱小米\n来源：石桥报", "首页 > 正文"])
def test_a_text_without_a_paragraph_says_so(text: str) -> None:
    (warning,) = article(*text.split("\n")).warnings
    assert "no body paragraph" in warning
    assert not article(TITLE, FIRST).warnings


@pytest.mark.parametrize(
    "lines",
    [
        [
            "小巷里的路灯谁来修？",
            "垃圾分类三年，我们到底分对了没有？",
            "老旧小区加装电梯，钱从哪里来，邻里怎么商量？",
        ],
        ["小巷里的路灯，谁来修？", "垃圾分类，我们分对了没有？", "石桥镇封闭三条路，公交改道"],
        ["环境卫生、志愿服务、垃圾分类、石桥镇、保洁员、小巷整治、文明实践"],
        ["石桥镇召开小巷整治现场会 [2023-04-11]", "钱大爷和他的扫帚 [2023-04-10]", "河水清了 [2023-04-09]"],
        ["石桥镇召开小巷整治现场会04-11", "镇中学的孩子走进敬老院04-10", "石桥村好人故事会开讲04-09"],
        ["· 石桥镇召开小巷整治现场会", "· 镇中学的孩子走进敬老院", "· 石桥村好人故事会开讲"],
        [
            "● 石桥镇召开小巷整治现场会，对标先进找差距 2024/5/6",
            "● 孩子们走进敬老院，老人笑得合不拢嘴 2024/5/5",
        ],
        ["石桥镇召开小巷整治现场会（图）", "镇中学的孩子走进敬老院（组图）", "石桥村好人故事会开讲（视频）"],
        ["[要闻] 石桥镇召开小巷整治现场会", "[民生] 镇中学的孩子走进敬老院", "[视频] 石桥村好人故事会开讲"],
        ["点击排行", "1", "石桥镇召开小巷整治现场会", "2", "镇中学的孩子走进敬老院", "3", "石桥村好人故事会"],
        ["往期回顾", "1.石桥镇召开小巷整治现场会", "2.镇中学的孩子走进敬老院", "3.石桥村好人故事会开讲"],
        ["热点推荐", "10万+ | 石桥镇召开小巷整治现场会", "视频 | 镇中学的孩子走进敬老院"],
        ["精彩推荐", "石桥镇的河水清了，鱼儿又游回来了", "镇上的老人笑了，食堂的饭菜热了"],
        ["【相关链接】", "石桥镇召开小巷整治现场会，部署下一阶段工作。", "镇中学的孩子走进敬老院"],
        ["延伸阅读：石桥镇召开小巷整治现场会，部署下一阶段工作"],
        ["相关新闻>>>", "石桥镇召开小巷整治现场会", "镇中学的孩子走进敬老院"],
        ["环境卫生；志愿服务；垃圾分类；石桥镇；保洁员", "垃圾分类|志愿服务|石桥镇|保洁员|小巷整治"],
    ],
)
def test_other_headlines_and_keywords_below_the_text(lines: list[str]) -> None:
    assert body(article(TITLE, FIRST, SECOND, THIRD, *lines)) == [key(FIRST), key(SECOND), key(THIRD)]


def test_questions_in_the_text_stay() -> None:
    asked = ["垃圾分类三年，我们这条巷子到底分对了没有？", "老旧小区加装电梯，钱从哪里来，邻里怎么商量？"]
    assert body(article(TITLE, FIRST, *asked, SECOND)) == [key(FIRST), *map(key, asked), key(SECOND)]

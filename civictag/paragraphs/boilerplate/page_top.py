"""Signs of what stands above an article: where it is filed, when and whence it came."""

from __future__ import annotations

from civictag.paragraphs.boilerplate.sign import LIKELY, SURE, Sign

DAY = r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"

ABOVE = (
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
    Sign("breadcrumb", (">", "»", "›"), r"^[^>»›。,]{1,16}(?:[>»›]+[^>»›。,]{0,18})+$", SURE, 70, "top"),
    Sign("date and time", (), rf"^(?:{DAY})?(?:星期.|周.)?(?:{CLOCK})?$", SURE, 30, "byline"),
    # 「您反映的问题已转交。2019年10月17日」 is a signed answer, 「…报名至2023年7月4日」 goes on to its date.
    Sign(
        "date at the end",
        (),
        rf"^[^。！!]*(?<![至到于为在自]){DAY}(?:星期.|周.)?(?:{CLOCK})?$",
        LIKELY,
        34,
        "byline",
    ),
    Sign(
        "item with its date",
        (),
        rf"^[^。！!;]{{10,}}(?<![至到于为在自\d])[\[(]?(?:(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|[01]\d[-/][0-3]\d)[\])]?(?:{CLOCK})?$",
        LIKELY,
        100,
    ),
    Sign(
        "date, then source",
        (),
        rf"^{DAY}(?:{CLOCK})?(?:来源|作者|浏览|阅读|编辑|发布|点击|[|])",
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
        alone=False,
    ),
    Sign("original headline", ("原标题", "原题"), r"^\(?原(?:标题|题目?):", SURE, 90),
    Sign("date and clock", (":",), rf"^[^,。]*{DAY}.?{CLOCK}", SURE, 60, "byline"),
    Sign("date and name", ("年", "-"), rf"^{DAY}[^\W\d]{{2,6}}$", LIKELY, 20, "byline"),
    Sign("newspaper and page", ("版",), r"^《[^》]{2,12}》?\(.{4,24}版\)?$", SURE, 40, "byline"),
    Sign(
        "length of the text",
        ("字", "分钟"),
        r"^(?:本文|本篇文章|全文|共)+约?\d+字|读完(?:大?约)?\d+分钟",
        SURE,
        30,
    ),
    Sign(
        "form of a message",
        ("编号", "状态", "单位", "部门", "时间", "类型", "主题"),
        r"^(?:留言|信件|来信|投诉|工单|回复|答复|受理|办理|诉求|提问|咨询)(?:编号|时间|日期|单位|部门|机构|状态|类型|分类|人|对象)?:",
        SURE,
        80,
        "byline",
    ),
    Sign(
        "head of a letter",
        ("发件人", "收件人", "From", "Subject"),
        r"^(?:发件人|收件人|From|To|Subject|Cc):",
        SURE,
        80,
    ),
    Sign(
        "masthead",
        ("简报", "专报", "快报", "期"),
        r"^[^,。:]{2,18}(?:简报|专报|快报)(?:\(?第.{1,8}期\)?)?$|^\(?(?:20\d\d年)?(?:总?第?[\d一二三四五六七八九十]{1,5}期)+\)?$",
        LIKELY,
        30,
    ),
    Sign("distribution", ("报:", "送:", "发:"), r"^(?:报|送|发|抄报|抄送|主送|印发|主题词):", SURE, 80),
    Sign(
        "field of a form",
        ("索引", "分类", "机构", "文号", "日期", "标题", "名称", "方式", "点击", "主题", "时效"),
        r"^[-·•*]?(?:索引号|信息索引|(?:主题|信息|公开|体裁|组配|服务)分类|(?:发布|发文|公开|责任)(?:机构|机关|单位)|(?:发文)?文号|发文字号"
        r"|(?:成文|发文|公开|生效|失效|废止)(?:日期|时间)|(?:信息|文件)?(?:标题|名称)|公开方式|公开范围|有效性|时效性?|主题词|点击):",
        SURE,
        90,
    ),
)

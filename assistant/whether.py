"""Whether a question wants a yes or a no: about what holds, what must be or what becomes of something.

Much that is put as a yes-or-no question asks for a way to do something ("can I see the logs?",
能不能一次删掉所有镜像, "is there a command to …"), or how things stand here and now ("is nginx running?"),
which a command tells. What the verb is about decides: who acts, the person or a thing; and whether it
is something one does, or a state, a property, a need.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE

_OPENS = (
    r"^\W*(?:(?:so|and|but|ok(?:ay)?|well|hi|hey|hello|please|pls|then|also|now|just wondering"
    r"|quick question"
    r"|(?:i )?(?:was |am |['’]m )?(?:just )?wonder(?:ing)?|i(?: would|['’]d) like to know|i want to know"
    r"|(?:do|does) (?:you|anyone|anybody|someone) know|(?:can|could) you (?:please )?tell me"
    r"|(?:please )?tell me|i['’]?m not sure|not sure|i don['’]?t know|any idea)\b[\s,:]*)*"
)
_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|dose|did|can|could|should|must|wil|will|would|may|might|has|need"
    r"|have(?= (?:i|we|you|they|my|these|those|the)\b))"
    r"(?:n['’]?t)?"
)
_CLAUSE = (
    r"(?:(?:if|when|whenever|after|once|while|before|suppose|given|with|without|in|on|inside|by|for)\b"
    r"(?! (?:do|does|should|is|are|can|to)\b)"
)
_SUBJECT = r"(?!(?:if|whether)\b)\S"

_ENGLISH = re.compile(
    rf"{_OPENS}(?:(?:if|whether)\b(?=[^,]*$)"  # "I wonder whether …"
    rf"|{_AUXILIARY}\s+{_SUBJECT}"
    rf"|{_CLAUSE}.{{3,}}?,\s*(?:then\s+)?{_AUXILIARY}\s+{_SUBJECT}"
    rf"|{_CLAUSE}.{{3,}}?)\s(?:is|are|do|does|did|will|would|can|could|should|must)\s"
    r"(?:i|we|you|it|they|the|my|that|this|all|its|there)\b))"
    r"|,?\s(?:right|correct|or not|isn['’]?t it|doesn['’]?t it|won['’]?t it|yes or no)\s*[?!.]*$"
    # a statement with a question mark: "the data will be lost after a restart?"
    rf"|^(?!\W*(?:{_AUXILIARY}|what|which|how|why|where|when|who|whose|i|we|you|show|list|docker)\b)"
    r"[^?]*\b(?:will|must|does|can|should|is|are|survives?|stays?|remains?|persists?)\b[^?]*\?\s*$"
    r"|^\W*\w+ing\b.{3,30}?\b(?:(?:also|always|only|still) )?(?:removes|deletes|keeps|stops|loses"
    r"|changes|frees"
    r"|makes|creates|needs)\b[^?]*\?\s*$",
    _I,
)
"""A yes or a no is what fits as an answer to its words."""

_WH = re.compile(r"\b(?:what|which|how|why|who|whose|where(?:abouts)?)\b(?:['’]?s)?(?! if\b)", _I)
"""Something else is asked for, wrapped in a yes-or-no question ("do you know what …")."""

_MEANS = (
    r"(?:ways?|commands?|options?|flags?|means|methods?|possibilit\w+|tricks?|shortcuts?|syntax|tools?"
    r"|switch"
    r"|parameters?|one-?liners?)"
)
_ASKS_A_WAY = re.compile(
    rf"\b(?:is|are) there (?:\w+ ){{0,4}}?{_MEANS}\b|\b(?:do|does) \w+ have (?:an? "
    rf"|any )(?:\w+ )?{_MEANS}\b"
    r"|\b(?:is|would|was) it (?:be )?(?:\w+ )?(?:possible|doable|feasible) (?:for me |for us )?to\b"
    r"|\b(?:something|anything) (?:to|for|that)\b|\b(?:can|could|will|would) (?:you|u|someone|somebody"
    r"|anyone)\b(?! (?:please )?(?:tell|say|lose)\b)"
    rf"|\b(?:can|could|may) (?:i|we) (?:have|get) (?:an? |the |any )(?:\w+ )?{_MEANS}\b"
    r"|\b(?:do|did) (?:i|we|you) have (?!to\b)|\bam i able to\b"
    r"|^(?!.*\bknow\b)\W*(?:please )?(?:check|see|test|verify|find out|tell|show|determine|look)\b.*\b(?:if"
    r"|whether)\b",
    _I,
)
"""A way to do something is asked for, or somebody is asked to do it."""

_I_CAN = re.compile(r"\b(?:can|could|may|might) (?:i|we)\b(?P<does>.*)", _I)
_BE_DONE = re.compile(
    r"\b(?:can|could|may) (?:\S+ ){1,5}?be (?:\w+ly )?(?P<done>\w+(?:ed|en|un|ut|lt))\b", _I
)
_NOT_DONE = re.compile(
    r"^(?:\W*(?:still|also|even|just|safely|simply|really|always|then|ever|not))*\W*"
    r"(?:have|be|rely|expect|trust|skip|omit|lose|ignore|assume|leave (?:out|off|away)|keep (?:using"
    r"|my|the))\b"
    r"|\bthe same (?!time|way|as)|\b(?:more than one|several|multiple|two|both)\b.*\b(?:on|in|into|at"
    r"|from|to|per"
    r"|with) (?:one|a single|the same|a)\b|\bsafely\b|\bwithout (?:\w+ ){0,2}(?:losing|loss|breaking)\b",
    _I,
)
"""What the person can do is no deed but a state or something that holds or not."""
_STATIVE = frozenset(
    """shared used lost trusted reached accessed seen reused needed kept left written changed hidden open
    found broken supported""".split()  # noqa: SIM905 - a list of quoted words would be twice as long
)

_ON_WHAT = re.compile(
    r"\b(?:still|after(?:wards)?|when(?:ever)?|if|once|unless|until|by default|automatically|always"
    r"|ever|need|must"
    r"|by itself|on its own|even|without|then|because|also|survive|reboots?|safe|lost?|lose|gone|keep"
    r"|kept|saved|deleted|removed|changed?|stays?)\b",
    _I,
)
"""It is asked what holds under some condition, so not how things stand here and now."""
_STANDS = (
    r"(?:running|up|alive|started|stopped|down|dead|installed|working|healthy|listening|visible"
    r"|mounted|attached"
    r"|connected|published|exposed|finished|pulled|built|enabled|reachable|available|there|ready|ok"
    r"|okay|live"
    r"|online|in use|used|taken|set)"
)
_HERE_AND_NOW = re.compile(
    rf"^\W*(?:so |and |but |hey |hi )*(?:is|are|was|were|has|have|did)(?:n['’]?t)? (?!an? |there "
    rf"|it (?:safe|ok))"
    rf"[^?]*?\b{_STANDS}(?: (?:or not|now|right now|already|correctly|properly|fine|at all|here|yet|again"
    r"|(?:on|in|inside) (?:my|this|the|a) (?:running )?\w+|(?:in|inside) docker|on port \d+"
    r"|in the background|or (?:stopped|down|dead|not)))*\W*(?:[?.!;]|$)"
    r"|\b(?:is|are) there (?:still )?(?:any |an? |some )?(?:\w+ )?(?:containers?|images?|volumes?"
    r"|networks?|pods?)\b"
    r"(?!.*\b(?:limit|in a|per|by default|without)\b)"
    r"|^\W*am i\b(?! (?:allowed|supposed|right|correct|able))|\byet\W*$|^\W*(?:was|were) (?:my|the|it"
    r"|this)\b"
    r"|^\W*(?:is|are) my (?:\w+ ){1,2}\w+\W*$|^\W*(?:do|does) (?:my|our|this|the nodes)\b"
    r"|\b(?:do|does|can|could|will) (?:\w+ ){1,3}?(?:see|find|detect|recogni[sz]e|access) (?:my|the|a"
    r"|any|our) "
    r"(?:\w+ )?(?:gpus?|graphics|card)\b"
    r"|^\W*did (?:my|the|this|docker)\b[^?]{3,40}$|\bport \d+ (?:\w+ )?free\b"
    r"|\b(?:is|are) (?:my|the|our|this) .*\b(?:using|running|listening)\b.*\b(?:right now|now"
    r"|currently|gpu|port)\b",
    _I,
)

_CHINESE = re.compile(
    r"(?:吗|么|嘛)(?:呢|啊)?[\s?？!！。.~～]*$|(?<![什怎这那多])么[?？，,]|吗[?？，,。]"
    r"|是否|能否|可否|会否|有无|(?P<v>[\u3400-\u9fff])不(?P=v)(?!同)|可不可以|需不需要|应不应该|必不必要|值不值得"
    r"|有没有|(?:还在|需要|可以|能行|行|存在|支持|保留|丢)不[\s?？]*$|(?:了|过|好|完)没(?:有)?(?:啊|呀)?[\s?？]*$"
    r"|(?:不会|应该|是|会|能|可以|不用|不需要|不能).*吧[\s?？]*$|对不对|对吧|是吧|没错吧",
)
_WH_CHINESE = re.compile(r"怎么|怎样|如何|咋|什么|啥|哪(?!怕)|为何|多少|多久|几[个种次条]|谁|何时")
_ASKS_A_WAY_CHINESE = re.compile(
    r"有(?:没有)?(?:\S{0,16}(?:的|个|种|条|更|好))?\s*(?:什么|啥)?(?:办法|方法|方式|法子|命令|指令|选项|参数|工具|技巧|途径|招|捷径|写法"
    r"|开关|快捷)"
    r"|(?:检查|查看|查一?下|查查|看看|看一?下|看(?=\S{0,12}(?:是否|有没有|在不在))|判断|确认|验证|测试|测一?下|试一?下)"
    r".{0,24}(?:是否|能否|有无|(?P<v>[\u3400-\u9fff])[不没](?P=v))"
    r"|(?:能不能|可不可以|能否|可否|能|可以|麻烦|请)(?:你)?(?:帮|给我|教|告诉|列|演示|说(?:一)?下|讲)"
    r"|(?:帮|给我|替我|让我).*(?:好|行|可以|成)(?:吗|么|嘛)",
)
_MODAL_CHINESE = re.compile(r"能不能够?|可不可以|可以不可以|能否|可否|是否(?:能够?|可以)|能够?|可以")
_PERSON = re.compile(
    r"^(?:请问|想问(?:一?下)?|问一?下|那么?|那|所以|我?想知道|如果|[，,、\s]|我们?|咱们?|你们?|大家|到底|究竟|是不是|是否|还|也|就)*$"
)
_AT = re.compile(
    r"^.{0,30}(?:后|之后|以后|时|的时候|的话|前|之前|里面?|中|上|下|[，,])\s*(?:我们?|咱们?)?(?:还|也|就|又|再|是不是|是否)*$"
)
_STATE_CHINESE = re.compile(
    r"^被|^(?:还|也|都|就|再|直接|互相|自动|同时|一起|继续|正常|随便|放心|安全)*"
    r"(?:不(?!停|重启|用|中断)|有(?!办法)|是|存在|保留|共享|共用|留|活|访问|通信|互通|互访|相互|互相|支持|省略|省|混用|存活|持久|同时用)"
    r"|同一[个台块张条]?|同样的|共用|共享|放心|安全|丢(?:失)?",
)
"""What comes after the modal is no deed but a state or something that holds or not."""
_EVEN_SO = re.compile(r"(?:没有|不).*(?:也|还|仍)$")
_DEED_AT_END = re.compile(
    r"(?:删除?|删掉|移除|改名?|重命名|修改|更改|调整|查看|看到?|看见|查到?|导出|导入|备份|迁移|停止?|停掉|关掉?|关闭|启动|重启|回滚|撤销"
    r"|限制|清理?|清空|清掉|推送|上传|下载|复制|拷贝|拷(?:出|进)(?:来|去)?|打开|断开|升级|更新|换|指定|设置?|提交|保存|进入?|进去|打包|还原"
    r"|构建|创建|运行|暂停|终止|杀掉?|固定|自启|加|挂载?|打标签|登录|登陆)(?:一下|出来|进去|掉|了|的)?"
    r"(?:吗|么|嘛)?[\s?？!！。]*$"
)
"""The sentence ends in a deed whose object stands first (镜像能改名吗): it asks how that is done."""
_DEED_FIRST = re.compile(r"^(?:再|重新|直接|随时)?(?:改|修改|调整|限制|重命名|导出|备份|指定|设置)(?!变)")
"""It begins with a deed no container or image does by itself."""
_LOST = re.compile(r"删(?:除|掉)?了?的|丢了?的|误删")

_ON_WHAT_CHINESE = re.compile(
    r"后(?!台)|之后|的话|还[会在能是]|如果|要是|默认|自动|重启|一直|时候|关机|断电|删|必须|需要|会|才|仍"
)
_HERE_AND_NOW_CHINESE = re.compile(
    r"在(?:运行|跑|用|监听|工作)(?:着|中)?(?:了)?(?:吗|么|嘛|没有?|不)?[\s?？。]*$"
    r"|(?:装|下载|构建|启动|运行|跑|起|建|拉|安装|配置|停|挂|加|连|映射|登录|退出|停止)(?:好|成功|完|上|起来|掉|下来)?了(?:吗|么|嘛|没有?)"
    r"|(?:起来|好|成功|完)了?(?:吗|么|没有?)[\s?？。]*$|(?:^|本地|现在|当前|目前|机器上|电脑上|我|系统里?|宿主机上)(?:还|上|里)?有没有"
    r"|(?:本地|现在|当前|目前|机器上)\S{0,4}有\S*(?:吗|么)"
    r"|(?:现在|当前|目前|正在|已经)\S*(?:吗|么|没)"
    r"|在(?:运行|跑)还是|(?:运行|活)着(?:吗|么|没|呢)"
    r"|(?:端口)\S{0,6}(?:被占|占用)|(?:到|见|出)\s?\w*\s?了(?:吗|么|没)|了没(?:有)?[\s?？。]*$|是(?:不是)?\S*(?:被\S+|了)的?(?:吗|么)?[\s?？]*$"
    r"|(?:能|可以|能不能|能够|可不可以|是否|否)?(?:看到|看见|看得到|识别|认出|认得|检测到|用上|用得上|访问)\S{0,3}(?:显卡|gpu)",
    _I,
)
"""It is asked how things stand here and now, which a command tells."""


def asks_whether(question: str) -> bool:
    """Whether a question wants to be told yes or no, rather than a way to do or to see something."""
    return _in_english(question) or _in_chinese(question)


def _in_english(question: str) -> bool:
    if _WH.search(question) or _ASKS_A_WAY.search(question) or not _ENGLISH.search(question):
        return False
    if _HERE_AND_NOW.search(question) and not _ON_WHAT.search(question):
        return False
    deed = _I_CAN.search(question)
    if deed is not None:
        return _NOT_DONE.search(deed["does"]) is not None
    done = _BE_DONE.search(question)
    return done is None or done["done"].lower() in _STATIVE


def _in_chinese(question: str) -> bool:
    if _WH_CHINESE.search(question) or _ASKS_A_WAY_CHINESE.search(question):
        return False
    if not _CHINESE.search(question):
        return False
    if _HERE_AND_NOW_CHINESE.search(question) and not _ON_WHAT_CHINESE.search(question):
        return False
    modal = _MODAL_CHINESE.search(question)
    return modal is None or not _is_deed(question[: modal.start()], question[modal.end() :])


def _is_deed(before: str, after: str) -> bool:
    """Whether what can be done is something the person does; ``before`` and ``after`` the modal."""
    if _STATE_CHINESE.search(after) or _EVEN_SO.search(before):
        return False
    if _PERSON.match(before) or _AT.match(before):
        return bool(re.search(r"[\u3400-\u9fff\w]", re.sub(r"^(?:吗|么|嘛|吧)", "", after)))
    is_deed = _DEED_AT_END.search(after) or _DEED_FIRST.search(after)
    return is_deed is not None and not _LOST.search(before)

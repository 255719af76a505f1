"""The words by which questions of each kind are known, in both languages."""

from __future__ import annotations

import re

_I = re.IGNORECASE

FLAG = re.compile(r"(?<![A-Za-z0-9_-])--?[A-Za-z][A-Za-z0-9-]*")
"""A flag as it is written."""

PORTS = re.compile(r"(?<![\d.:])\d{1,5}:\d{1,5}(?![\d:])")
"""Two ports as ``-p`` takes them."""

WHERE = re.compile(
    r"\bwhere (?:did|do|have) (?:i|my notes) (?:\w+ ){0,2}?(?:wr[io]t|not(?:e|ed|es)\b|mention|say|said"
    r"|describ|talk|cover|record|put|ke(?:ep|pt)|speak|explain)"
    r"|\bwhere(?:\W?s| is| are| can i find)?\b.{0,20}\b(?:notes?|section|chapter|part|passage"
    r"|bit)\b.{0,12}\b(?:on|about|that|of)\b"
    r"|\bwhich (?:of my )?(?:notes?|sections?|chapters?|parts?|files?)\b.*\b(?:about|mentions?|says?|writes?"
    r"|wrote|on|covers?"
    r"|talks?|speaks?|describes?|has|have)\b"
    r"|\bin which (?:notes?|sections?|chapters?)\b|\bdid i (?:write|note)\b.*\bwhere\b"
    r"|(?:笔记|我).*(?:哪里|哪儿|哪一?(?:章|节|处|篇|段|个文件)|什么地方).*(?:写|记|提|讲|说)"
    r"|(?:写|记|提|讲|说)(?:过|到|了)?.*(?:在|是)?(?:我|笔记).{0,8}哪(?:里|儿|一?(?:章|节|处|篇|段|个文件))"
    r"|(?:写|记|提|讲)(?:过|到|了|的)?.{0,12}(?:在|是)哪一?(?:章|节|处|篇|段)"
    r"|(?:记|提|讲)(?:在|到)(?:了)?哪|写在(?:了)?哪一?(?:章|节|处|篇|段)"
    r"|哪一?(?:章|节|篇|段|个章节).{0,6}(?:写|记|提|讲|说|有|关于|介绍)",
    _I,
)
"""It is asked for a place in the notes."""

WHERE_FRAME = re.compile(
    r"^\W*(?:where (?:did|do|have) (?:i|my notes) "
    r"|where(?:\W?s| is| are| can i find)? (?:the |my |that )?(?:notes?|section|chapter|part|passage|bit) "
    r"|(?:in )?which (?:of my )?(?:notes?|sections?|chapters?|parts?|files?) (?:is |are |do |did |does "
    r"|have |has )?(?:i |my notes )?)"
    r"(?:wrote|written|write|mentioned|mentions?|noted?|said|says?|talks?|speaks?|covers?|describes?"
    r"|something|anything|down|in)*"
    r"\s*(?:about|on|of|that mentions?|that covers?)?\s"
    r"|我?(?:的?笔记)?(?:里|中)?(?:在|是)?哪(?:里|儿|一?(?:章|节|处|篇|段))(?:里|中)?(?:有?(?:写|记|提|讲|说|介绍))(?:过|到|了|的)*"
    r"|(?:我的?)?(?:笔记)?(?:里|中)?(?:写|记|提|讲)(?:过|到|了|的)*|(?:是|写|记)?在(?:了)?哪(?:里|儿|一?(?:章|节|处|篇|段))"
    r"|^我(?=的)|的?(?:内容|那(?:部分|段))$",
    _I,
)
"""The words that ask for a place, to be left out of what is looked for."""

HOLDS_AGAINST = re.compile(
    r"\bdifferences?\b(?! (?:to|in) (?:my|the) (?:files?|disk))"
    r"|\bdiffer(?:s|ent)?\b(?=[^?]*\bfrom\b)|\bhow (?:do|does)\b.*\bdiffer\b|\bvs\b\.?(?!\s*code)|\bversus\b"
    r"|\bcompares?\b(?=.*\b(?:and|to|with|against)\b)|\bcomparison\b|\b(?:what|how)\W?s different\b"
    # "which files changed, compared with the image" asks for a state, not for what parts the two
    r"|^(?!.*\b(?:which|what)\b.*\bchanged?\b).*\bcompared (?:to|with|against)\b"
    r"|\bdistinguish|\btell\b.*\bapart\b|\bis better\b.*\bor\b"
    r"|区别|差别|差异|差在|对比|比较(?=.*[和与跟])|相比|(?:有|何|什么|啥|哪些|哪里|很|大|之)不(?:同|一样)(?!的|步)|不同(?:点|之处|在哪)"
    r"|[和与跟].*(?:不同|不一样)(?!的|步)(?:吗|么|呢|在|[?？]|$)|一样吗|一回事|[和与跟].*(?:什么|啥)关系|(?:分不清|搞不清|弄混|搞混)",
    _I,
)
"""Things are held against each other."""

IS_CHOICE = re.compile(
    r"\b(?:should|do|would) (?:i|we) (?:rather )?(?:use|take|choose|pick|prefer|need"
    r"|go with)\b.* or (?!not\b|how\b|what\b)"
    r"|\bwhen (?:to|do i|should i) (?:use|take|choose)\b.*\b(?:or|and when|instead of|over)\b"
    r"|\b(?:which|what) (?:is|one is) better\b"
    r"|^\W*(?:docker )?(?:compose|swarm|kubernetes|k8s|kubectl|podman|minikube|kind) or (?:docker )?"
    r"(?:compose|swarm|kubernetes|k8s|kubectl|podman|minikube|kind)\W*$"
    r"|(?:该|应该|要|到底)?(?:用|选|写|挂)\S{1,16}还是(?:用|选)?(?!不|没|报|连|会|要|无|有|能|出)\S"
    r"|(?:什么时候|啥时候|何时)(?:该|要)?用.*(?:而不是|还是|不用)"
    r"|还是\S{1,16}(?:好|合适|更好)|(?:哪一?个|哪种)(?:更?好|合适)",
    _I,
)
"""One of several things is to be chosen."""

PAIR = re.compile(
    r"\s*(?P<a>[\w./` -]{1,24}?|[\u3400-\u9fff]{1,8})\s*"
    r"(?:(?<=\s)(?P<between>and|&)(?=\s)|(?:和|与|跟|、))\s*"
    r"(?P<b>[\w./` -]{1,24}?|[\u3400-\u9fff]{1,8})\s*[?？。]?\s*",
    _I,
)
"""Two names and nothing else."""

THINGS = frozenset(
    """image images container containers volume volumes bind-mount mount mounts tmpfs network networks
    registry dockerfile compose swarm kubernetes k8s pod pods deployment service configmap secret secrets
    statefulset tag tags digest layer layers cmd entrypoint vm vms daemon client podman containerd
    镜像 容器 卷 数据卷 绑定挂载 挂载 网络 虚拟机 仓库 标签 摘要 层 命名卷 匿名卷""".split()  # noqa: SIM905
) | {"bind mount", "bind mounts", "virtual machine", "virtual machines", "named volume", "anonymous volume"}
"""Names of things of the field, which alone beside another ask for what parts them."""

RAW_ERROR = re.compile(
    r"error response from daemon|\berror (?:from|while|creating|pulling|getting|during|saving|processing)\b"
    r"|^\W*(?:docker: )?error\W"
    r"|permission denied|cannot connect to|can['’]?t connect to|connection refused|no space left"
    r"|executable file not found"
    r"|exec format error|\bcommand not found|no such (?:container|image|file|host|network|volume|service)"
    r"|already (?:in use|allocated|exists)|address already|unknown (?:shorthand )?flag|unknown (?:command"
    r"|instruction)|manifest unknown"
    r"|manifest for .* not found|access denied|failed to \w+|failed:|requires (?:at least "
    r"|exactly )?\d+ argument|could not \w+"
    r"|unable to (?:find|locate|pull|connect)|invalid (?:reference|argument|mount|port|volume)"
    r"|no matching manifest|toomanyrequests"
    r"|\b(?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|OOMKilled|CreateContainerConfigError|Evicted)\b"
    r"|exit(?:ed)?(?: \(|\s*(?:with )?(?:code|status)\s*)\d+|退出码|退出代码|segmentation fault|traceback"
    r"|exec: "
    r"|panic:|^W?E\d{4} ",
    _I,
)
"""The words of an error as a program prints it."""

SAYS_HOW = re.compile(
    r"\b(?:explain|show|tell|teach)(?: me| us)? (?:again )?how\b(?! .* differ)|\bhow (?:do i|can i|to"
    r"|would i|should i|do you|can we|do we)\b(?!.*\b(?:fix|solve|debug)\b)"
    r"|\b(?:which|what)(?:\W?s| is| was)?(?: the)? (?:\w+ )?(?:command|syntax|flag|option|line)s?\b.*\b(?:to"
    r"|for|does|do i|should|would|can|that|shows?|lists?|removes?|lets?)\b"
    r"|\b(?:which|what) (?:command|flag|option)s?\b(?!.*\b(?:are there|exist|mean)\b)"
    r"|\bwhat\b.{0,40}\bshould i (?:use|type|run|do|write|enter)\b|\bwhat do i (?:type|run|enter|have to"
    r"|need to)\b"
    r"|\b(?:best|right|easiest|quickest|shortest) way to\b|\bway to\b"
    r"|(?:怎么|怎样|如何|咋)(?!回事|区分|选|不|没|又|会|就|办)(?!.{0,12}(?:解决|修复|报错|失败|错误))|(?:用|敲|输入|是|有没有)?(?:哪|什么"
    r"|啥)(?:一)?(?:个|条)?(?:命令|选项|参数)(?!.{0,4}(?:是什么|什么意思|意思))"
    r"|命令是(?:什么|啥)",
    _I,
)
"""It is asked how something is done, or by which command."""

MEANS = re.compile(
    r"what (?:does|do|is|are|did)\b|what\W?s\b|\bwaht\b|\bexplain|\bmeaning of|\bmean(?:s|ing)?\b\W*$"
    r"|\bstands? for\b|\bwhat for\b"
    r"|(?:什么|啥)意思|(?:干|做)(?:什么|啥|嘛|吗)|什么(?:作用|含义|用)|是(?:什么|啥)|有(?:什么|啥)用|(?:作用|含义|意思|用途)"
    r"|解释|分别(?:代表|是)|讲讲|说说|看不懂|什么鬼|是指",
    _I,
)
"""It is asked what something means; of a line or a flag, that is."""

DEFAULT = re.compile(r"默认|缺省|\bby default\b|\bthe default\b", _I)
"""It is asked what holds where nothing is said."""

FAILS = re.compile(
    r"\berrors?\b|\bfail(?:s|ed|ure|ing)?\b|\bdenied\b|\bbroken\b|\bcrash(?:es|ed|ing)?\b"
    r"|cannot |\bcan['’]?t (?!remember|recall|figure|think of|find out)|unable to|\brefused\b"
    r"|\b(?:does|do|did|is|are|wo|was|has)n['’]?t (?:work|start|run|stop|connect|respond|find|show|see|open"
    r"|build|pull|have|exist|reach|listen|persist|update)"
    r"|\bnot (?:working|starting|running|reachable|found|responding|showing|visible|recognized)\b"
    r"|\bwo(?:n['’]?t|nt) \w+"
    r"|\bwhy\b.*(?:n['’]?t\b|\bnot\b|\bexit|\bdies?\b|\bhang|\bstop|\bslow|\bgone\b|\blost\b|\bdisappear"
    r"|\brefus|\brestart|\bempty\b|\bso (?:big|large|slow)|\bno\b|\bkill)"
    r"|\bexits? (?:immediately|instantly|right away|at once|by itself)|\bkeeps? (?:restarting|exiting"
    r"|crashing|dying|stopping)|\bdisappear(?:s|ed)?\b|\bgone\b|\bhangs?\b|\bstuck\b|\bwhat(?:\W?s| is"
    r"| went) wrong\b"
    r"|报错|失败|无法|错误|出错|连不上|连不到|起不来|不了(?!解)|打不开|拉不(?:下来|到)|找不到|没反应|没有反应|不生效|(?<!能)不能用|用不了|卡住|卡在|崩溃"
    r"|怎么回事|为(?:什么|啥|何).*(?:不|没|退出|卡|丢|慢|停|消失|重启|空|大|失)|(?:马上|立刻|立即|直接|自己)(?:就)?(?:退出|停|挂)|(?:就|又|都|全)(?:退出"
    r"|挂|崩|没|丢)了|丢了|不见了"
    r"|(?:不|没|退出|停|挂|卡|丢|慢|消失|重启|失败).{0,6}(?:是|到底)?(?:为什么|为啥|为何|(?:什么|啥)原因)(?:啊|呢|呀)?[\s?？。]*$",
    _I,
)
"""Something does not go as it should."""

SHOWS = re.compile(
    r"\b(?:show|see|list|print|filter|find|view|display|read)\b.{0,24}\b(?:errors?|failed|failures?|stuck)\b"
    r"|(?:看|查看?|显示|列出|过滤).{0,8}(?:错误|报错|失败)",
    _I,
)
"""Errors are what is to be shown."""

HOW = re.compile(
    r"\bhow (?:do|can|to|would|should|come)\b|\b(?:which|what) command\b|怎么(?!回事)|怎样|如何|咋",
    _I,
)
"""It is asked how, whatever else is said."""

EACH = re.compile(
    r"\b(?:what|which)\b(?! if\b).*\b(?:are there|exist|do i have|can i (?:use|choose|set)(?! to)"
    r"|are (?:available|possible|supported))\b"
    r"|\b(?:what|which)\b.{0,12}\b(?:kinds?|types?|sorts?|ways) of\b|\b(?:what|which) (?:\w+ ){0,2}(?:kinds?"
    r"|types?|sorts?|options|flags)\b(?= (?:of|do|does|are|exist|can)\b|\W*$)"
    r"|\blist (?:of |all |me |the |all the )*(?:\w+[ -]){0,2}(?:options|flags|drivers|policies|types|kinds"
    r"|instructions|ways|states|codes|modes|commands|objects)\b"
    r"|\b(?:all|every|possible|available|common) (?:\w+[ -]){0,2}(?:options|flags|drivers|policies|types"
    r"|kinds|instructions|ways|states|codes|modes|commands|objects|errors)\b"
    r"|\b(?:what|which) (?:\w+ )?errors? (?:are|is) (?:common|typical|usual|known)\b"
    r"|\bhow many (?:kinds|types|sorts|ways)\b"
    r"|有(?:着)?(?:哪|那)(?:些|几)|哪几(?:种|个|类|条|步)|都有(?:什么|哪|啥)|哪些(?!.{0,8}(?:在运行|正在|停))|有几(?:种|类|个)|(?:列举|罗列|列一下"
    r"|列出).{0,20}(?:选项|参数|驱动|策略|类型|种类|指令|方式|方法|命令)"
    r"|(?:所有|全部|常用|常见)的?.{0,8}(?:选项|参数|驱动|策略|类型|种类|指令|方式|报错|错误|命令)(?:有|是|列表|$)",
    _I,
)
"""It is asked which ones there are."""

WHAT = re.compile(
    r"^\W*(?:so |and |ok |hey |hi |please |tell me |remind me |can you tell me |do you know |i forgot )*"
    r"(?:what|waht|wat|whta|wht)(?:\W?s|s| is| are| was| were)\b(?! going on| wrong)"
    r"|^\W*(?:please )?(?:define|explain|describe|meaning of|definition of|tell me about|what about)\b"
    r"|\bwhat (?:exactly |actually )?(?:is|are)\b"
    r"|^[\w ./-]{2,40}\W*(?:what is (?:it|that)|meaning|definition|explained)\W*$"
    r"|(?:是(?:个|一个|指)?(?:什么|啥)(?:东西|玩意|意思|概念)?|是什么|什么是|(?<!为)(?:什么|啥)叫|是啥|啥是|(?:什么|啥)意思|的(?:定义|概念|含义|意思)|指的是"
    r"|是干(?:嘛|什么|啥)用?的|干(?:嘛|什么|啥)用?的|有(?:什么|啥)用|做(?:什么|啥)用?的|介绍一下|解释(?:一下)?)",
    _I,
)
"""It is asked what something is."""

DOES = re.compile(r"\bwhat (?:does|do|did) (?!i\b|we\b|you\b).*\b(?:do|mean|stand for|contain)\b", _I)
"""It is asked what something does."""

HOW_IT_STANDS = re.compile(
    r"(?:看|查|知道|显示|列).{0,16}哪[些几]|(?:本地|现在|目前|当前|实际|正在|活着|已经|我的?).{0,10}(?:哪[些几]|都有)"
    r"|哪[些几].{0,10}(?:在运行|在跑|跑着|活着|正在|停)|(?:改|用|占|装|映射|发布)(?:了)?哪[些几]|要装哪[些几]|里(?:面)?(?:有|都有)哪[些几]"
    r"|\bdo i have\b",
    _I,
)
"""It is asked which ones there are here and now."""

STATE = re.compile(
    r"\b(?:running|using|taking|left|listening|wrong|stopped|my|inside (?:my|the)|happening|installed|eating"
    r"|filling)\b"
    r"|是什么(?:原因|情况|问题)|(?:正在|在)(?:运行|占用|用着)|(?:占|用)了",
    _I,
)
"""It is asked how things stand, which a command tells."""

GREETING = re.compile(
    r"\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|night)|how are you|bye|goodbye|ok(?:ay)?"
    r"|thanks?(?: you)?(?: (?:so|very) much| a lot)?"
    r"|你好|您好|嗨|哈喽|早上好|下午好|晚上好|在吗|谢谢|多谢|感谢|再见|拜拜|好的)"
    r"(?:\W*(?:there|all|everyone|you|啊|呀|吗|了|你|您|大家))?\W*",
    _I,
)
"""Nothing is asked, it is said out of courtesy."""

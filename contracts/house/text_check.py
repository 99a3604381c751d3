"""A clause text of a house looked through before anything is made with it.

In: the name and source of a text, and what it may refer to. Out: faults with file, line and a remedy. The text is
parsed, never run: which names, filters and calls it uses is read off its syntax tree.
"""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes

from rules.pack_faults import Fault

NAMES = frozenset({"t", "c", "o", "kind", "ours", "theirs", "annexes", "ref", "part"})
FILTERS = frozenset({"length", "join", "first", "last"})
CALLS = frozenset({"ref", "part"})
LONGEST_TEXT = 20_000  # characters
DEEPEST = 12
_TABLE = re.compile(r"^\s*\[\[(.*?)\]\]\s*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z!][^>\n]{0,200}>?|&(?:[a-z]+|#\d+);")
_BLOCKED = (
    (nodes.Import, "导入其他文件"),
    (nodes.FromImport, "导入其他文件"),
    (nodes.Extends, "继承其他模板"),
    (nodes.Block, "定义区块"),
    (nodes.Macro, "定义宏"),
    (nodes.CallBlock, "调用宏"),
    (nodes.FilterBlock, "整段过滤"),
    (nodes.Assign, "给变量赋值"),
    (nodes.AssignBlock, "给变量赋值"),
    (nodes.Mul, "乘法运算"),
    (nodes.Pow, "乘方运算"),
)
_SYNTAX = (
    ("Unexpected end of template", "条件或者循环没有结束，请补上 {% endif %} 或 {% endfor %}"),
    ("unexpected '}'", "花括号没有成对"),
    ("expected token 'end of", "双花括号或者 {% … %} 内的写法有误"),
    ("Encountered unknown tag", "没有这种 {% … %} 语句，可用的有 if、elif、else、for"),
    ("unexpected char", "有不能使用的字符，请检查是否用了全角标点"),
    ("No filter named", "没有这种过滤器"),
    ("Missing end of comment", "注释没有结束，请补上 #}"),
)


@dataclass(frozen=True, slots=True)
class Referable:
    """What texts may point at: ids of clauses (`ref`), names of parts (`part`), names of tables (`[[…]]`)."""

    clauses: Collection[str]
    parts: Collection[str]
    tables: Collection[str]


def text_faults(name: str, source: str, known: Referable, environment: Environment) -> Iterator[Fault]:
    """Yield what is wrong with one clause text, by line."""
    if len(source) > LONGEST_TEXT:
        yield Fault(name, 0, f"条款超过{LONGEST_TEXT}字，请拆分或者改为附件。", "too long")
        return
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        yield Fault(name, error.lineno, f"写法有误：{_said(error.message or '')}。", error.message or "")
        return
    if _depth(tree) > DEEPEST:
        yield Fault(name, 1, f"条件和循环嵌套超过{DEEPEST}层，请简化。", "nested too deeply")
        return
    yield from sorted({*_plain_faults(name, source, known), *_tree_faults(name, tree, known)})


def _said(message: str) -> str:
    return next((zh for en, zh in _SYNTAX if en in message), f"不符合模板语法（{message}）")


def _plain_faults(name: str, source: str, known: Referable) -> Iterator[Fault]:
    for found in _TABLE.finditer(source):
        if found[1] not in known.tables:
            line = source.count("\n", 0, found.start(1)) + 1
            yield Fault(
                name, line, f"没有名为“{found[1]}”的表格{_near(found[1], known.tables)}。", "no such table"
            )
    bare = re.sub(r"\{[{%#].*?[}%#]\}", lambda found: "\n" * found[0].count("\n"), source, flags=re.DOTALL)
    for tag in _TAG.finditer(bare):
        line = bare.count("\n", 0, tag.start()) + 1
        yield Fault(name, line, f"条款只写文字，不能有网页标记“{tag[0][:30]}”，请删去。", "markup")


def _tree_faults(name: str, tree: nodes.Template, known: Referable) -> Iterator[Fault]:
    for kind, what in _BLOCKED:
        for node in tree.find_all(kind):
            yield Fault(name, node.lineno, f"条款中不能{what}，请改写。", f"{kind.__name__} is not allowed")
    bound = {"loop", *(found.name for loop in tree.find_all(nodes.For) for found in _bound(loop.target))}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in NAMES | bound:
            usable = (
                f"，可用的有 {'、'.join(sorted(NAMES))}"
                if not _near(node.name, NAMES)
                else _near(node.name, NAMES)
            )
            yield Fault(name, node.lineno, f"没有名为“{node.name}”的内容{usable}。", f"undefined {node.name}")
    held = [(node.lineno, node.attr) for node in tree.find_all(nodes.Getattr)]
    held += [(node.lineno, str(_constant(node.arg))) for node in tree.find_all(nodes.Getitem)]
    for line, inner in held:
        if inner.startswith("_"):
            yield Fault(name, line, f"不能读取内部内容“{inner}”，请删去。", f"private {inner}")
    for used in tree.find_all(nodes.Filter):
        if used.name not in FILTERS:
            why = (
                "会使内容不经转义，已禁用"
                if used.name == "safe"
                else f"不能使用，可用的有 {'、'.join(sorted(FILTERS))}"
            )
            yield Fault(name, used.lineno, f"过滤器“{used.name}”{why}。", f"filter {used.name}")
    yield from _call_faults(name, tree, known)
    yield from _include_faults(name, tree)


def _call_faults(name: str, tree: nodes.Template, known: Referable) -> Iterator[Fault]:
    for call in tree.find_all(nodes.Call):
        called = call.node.name if isinstance(call.node, nodes.Name) else ""
        if called not in CALLS:
            yield Fault(
                name, call.lineno, "条款中只能调用 ref(…) 和 part(…)，请改写。", "call is not allowed"
            )
            continue
        target = _constant(call.args[0]) if len(call.args) == 1 else None
        places = known.clauses if called == "ref" else known.parts
        if not isinstance(target, str):
            yield Fault(name, call.lineno, f"{called}(…) 的括号中应写一个带引号的名称。", f"bad {called}")
        elif target not in places:
            noun = "条款" if called == "ref" else "条款片段"
            yield Fault(
                name, call.lineno, f"没有名为“{target}”的{noun}{_near(target, places)}。", f"no {target}"
            )


def _include_faults(name: str, tree: nodes.Template) -> Iterator[Fault]:
    for node in tree.find_all(nodes.Include):
        call = node.template
        if not (
            isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name == "part"
        ):
            yield Fault(name, node.lineno, '只能引用条款片段，写成 {% include part("名称") %}。', "include")


def _bound(target: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(target, nodes.Name):
        yield target
    else:
        yield from target.find_all(nodes.Name)


def _constant(node: nodes.Node) -> object:
    return node.value if isinstance(node, nodes.Const) else None


def _near(word: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(word, sorted(known), 1)
    return f"，是否为“{found[0]}”" if found else ""


def _depth(node: nodes.Node) -> int:
    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.If | nodes.For)

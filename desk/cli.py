"""The command line `panhuo`: the same actions as the desk and the API, straight on the record.

Exit codes: 0 done, 1 a failure was found, 2 wrong usage, 3 missing, 4 forbidden, 5 conflict or refused, 6 invalid.
Heavy modules are imported inside the commands, so that `panhuo --help` answers at once.
"""

import io
import os
import re
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from desk.commands import (
    approvals,
    audit,
    backup,
    bulk,
    case,
    case_files,
    channels,
    clauses,
    companies,
    contract,
    deadlines,
    demands,
    doctor,
    documents,
    enterprise,
    events,
    feedback,
    fees,
    gate,
    health,
    inbox,
    indicators,
    migrating,
    modes,
    nightly,
    numbers,
    official,
    organization,
    outbox,
    papers,
    patents,
    pool,
    processes,
    proof,
    recheck,
    record,
    register,
    report,
    royalty,
    rules,
    run,
    shares,
    sheets,
    signing,
    stocktake,
    stores,
    supervision,
    taxes,
    templates,
    upgrading,
    use,
    users,
)
from desk.commands.console import CONSOLE, FOUND_FAILURE, USAGE, complain

HELP = "盘活 Panhuo：专利转化案件 · patent conversion cases"
INTERRUPTED = 130
LANGUAGES = ("zh", "en")
# What the option parser says, and how it reads in Chinese.
USAGE_ZH = (
    (r"Missing argument '?(?P<x>[^'.]*)'?\.?.*", "缺少参数{x}"),
    (r"Missing option '?(?P<x>[^'.]*)'?\.?.*", "缺少选项{x}"),
    (r"No such option: (?P<x>\S+).*", "没有选项{x}"),
    (r"No such command '(?P<x>[^']*)'.*", "没有命令{x}"),
    (r"Invalid value for '?(?P<x>[^':]*)'?: (?P<y>.*)", "{x}的取值有误：{y}"),
    (r"Got unexpected extra arguments? \((?P<x>.*)\)", "多余的参数：{x}"),
    (r"Option '(?P<x>[^']*)' requires an argument.*", "选项{x}需要取值"),
    (r"Missing command.*", "缺少命令"),
)

app = typer.Typer(
    name="panhuo", help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False,
)  # fmt: skip
app.command("serve")(run.serve)
app.command("worker")(run.worker)
app.command("prefect-server")(run.prefect_server)
app.command("processes")(processes.processes)
app.add_typer(stores.store, name="files")
patents.app.command("sheet")(sheets.sheet)
patents.app.command("kinds")(sheets.kinds)
patents.app.command("template")(sheets.template)
app.add_typer(patents.app, name="import")
case.app.command("attach")(case_files.attach)
case.app.command("files")(case_files.files)
case.app.command("proof")(proof.proof)
case.app.command("checklist")(official.checklist)
case.app.command("compare")(official.compare)
app.add_typer(case.app, name="case")
app.add_typer(contract.app, name="contract")
app.add_typer(clauses.app, name="clauses")
app.command("inbox")(inbox.inbox)
app.command("indicators")(indicators.indicators)
app.add_typer(approvals.app, name="approvals")
app.command("deadlines")(deadlines.deadlines)
app.command("remind")(deadlines.remind)
app.command("dispatch")(outbox.dispatch)
app.add_typer(outbox.app, name="outbox")
app.add_typer(channels.app, name="channels")
app.command("bounces")(channels.bounces)
app.command("recheck")(recheck.recheck)
app.command("nightly")(nightly.nightly)
app.add_typer(report.app, name="report")
app.command("migrate-cases")(migrating.migrate_cases)
app.add_typer(register.app, name="patent")
app.add_typer(use.app, name="use")
app.add_typer(pool.app, name="pool")
app.add_typer(fees.app, name="fees")
app.add_typer(feedback.app, name="feedback")
app.add_typer(numbers.app, name="number")
app.command("shares")(shares.shares)
app.command("royalty")(royalty.royalty)
app.add_typer(taxes.app, name="taxes")
app.add_typer(taxes.income_app, name="income")
app.command("gate")(gate.gate)
app.add_typer(events.app, name="events")
app.add_typer(supervision.app, name="supervision")
app.add_typer(modes.app, name="modes")
app.command("render")(documents.render)
documents.app.add_typer(bulk.bulk, name="bulk")
app.add_typer(documents.app, name="documents")
app.add_typer(official.app, name="pack")
app.add_typer(templates.app, name="templates")
app.command("verify")(record.verify)
app.command("verify-paper")(papers.verify_paper)
app.command("sign")(signing.sign)
app.command("verify-signature")(signing.verify_signature)
organization.app.command("key")(papers.key)
app.command("export")(record.export)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
patents.app.command("archive")(backup.restore)
app.add_typer(audit.app, name="audit")
app.command("upgrade")(upgrading.upgrade)
app.command("doctor")(doctor.doctor)
app.command("health")(health.health)
app.add_typer(users.app, name="user")
app.add_typer(organization.app, name="org")
app.add_typer(companies.app, name="company")
app.add_typer(enterprise.app, name="enterprise")
app.add_typer(stocktake.app, name="stocktake")
app.add_typer(demands.app, name="demand")
app.add_typer(record.db_app, name="db")
app.add_typer(rules.app, name="rules")


@app.callback()
def _language(
    lang: Annotated[str, typer.Option("--lang", envvar="PANHUO_LANG", help="zh 中文 | en English")] = "zh",
) -> None:
    if lang not in LANGUAGES:
        raise typer.BadParameter("zh | en", param_hint="--lang")
    CONSOLE.language = lang


def main() -> None:
    """Run the command of this process and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: list[str]) -> int:
    """Run one command and return its exit code; `--lang` may stand anywhere."""
    try:
        result = app(_language_first(arguments), prog_name="panhuo", standalone_mode=False)
    except TyperException as error:
        complain(_usage_text(error.format_message()))
        return USAGE
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND_FAILURE
    return result if isinstance(result, int) else 0


def _language_first(arguments: list[str]) -> list[str]:
    rest, chosen = [], []
    pending = iter(arguments)
    for argument in pending:
        if argument == "--lang":
            chosen = [argument, *([following] if (following := next(pending, None)) is not None else [])]
        elif argument.startswith("--lang="):
            chosen = [argument]
        elif argument == "--":
            rest += [argument, *pending]
        else:
            rest.append(argument)
    return chosen + rest


def _usage_text(message: str) -> str:
    if CONSOLE.language != "zh":
        return f"usage: {message}"
    for pattern, text in USAGE_ZH:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return f"用法错误：{text.format(**found.groupdict())}。加 --help 查看用法"
    return f"用法错误：{message}。加 --help 查看用法"


if __name__ == "__main__":
    main()

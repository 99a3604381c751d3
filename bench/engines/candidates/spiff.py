"""SpiffWorkflow: a BPMN process of six user tasks, kept as the JSON that its own serializer writes.

Set up as its documentation shows: the process is parsed once; a case is one workflow, stored as
`BpmnWorkflowSerializer.serialize_json` gives it (with its specification, as the documentation stores it). One
transaction: read and deserialize, check the role, put the payload into the ready task and run it, serialize, update the
row, write the audit row. The guard is a query for the patent, as in the other candidates.
"""

import json
import sqlite3
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from protocol import NOW, OFFICER, ROLES, STEPS, run
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

TABLES = """
CREATE TABLE patent (id INTEGER PRIMARY KEY, status TEXT NOT NULL);
CREATE TABLE cases (id INTEGER PRIMARY KEY, number TEXT UNIQUE, patent_id INTEGER REFERENCES patent, workflow TEXT,
  version INTEGER, updated_at TEXT);
CREATE TABLE audit (id INTEGER PRIMARY KEY, case_id INTEGER REFERENCES cases, seq INTEGER, at TEXT, actor_id INTEGER,
  actor TEXT, verb TEXT, before TEXT, after TEXT, payload TEXT, UNIQUE (case_id, seq));
"""


def process() -> str:
    """The BPMN text: one user task after another."""
    names = [name for _, name in STEPS]
    tasks = "".join(f'<userTask id="{name}" name="{name}"/>' for name in names)
    places = ["start", *names, "end"]
    flows = "".join(
        f'<sequenceFlow id="to_{after}" sourceRef="{before}" targetRef="{after}"/>'
        for before, after in zip(places, places[1:], strict=False)
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:bench">'
        f'<process id="license" isExecutable="true"><startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}</process>'
        "</definitions>"
    )


def parsed() -> object:
    """The process's specification."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "license.bpmn"
        path.write_text(process(), encoding="utf-8")
        parser = BpmnParser()
        parser.add_bpmn_file(str(path))
        return parser.get_spec("license")


def main() -> None:
    """Run."""
    db = sqlite3.connect(sys.argv[1], isolation_level=None)
    for pragma in ("journal_mode = WAL", f"synchronous = {sys.argv[2]}", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(TABLES)
    spec = parsed()
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    numbers = iter(range(1, 10**9))

    def open_case() -> int:
        number = next(numbers)
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        db.execute("INSERT INTO patent VALUES (?, 'in_force')", (number,))
        db.execute(
            "INSERT INTO cases VALUES (?, ?, ?, ?, 1, ?)",
            (number, f"ZH2026-{number:05d}", number, serializer.serialize_json(workflow), NOW.isoformat()),
        )
        return number

    def take(case_id: int, event: str, name: str, payload: dict[str, str], on: date) -> None:
        db.execute("BEGIN IMMEDIATE")
        text, version, status = db.execute(
            "SELECT c.workflow, c.version, p.status FROM cases c JOIN patent p ON p.id = c.patent_id WHERE c.id = ?",
            (case_id,),
        ).fetchone()
        workflow = serializer.deserialize_json(text)
        (ready,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        if OFFICER[2] not in ROLES[event] or status != "in_force" or ready.task_spec.name != name:
            raise SystemExit("refused")
        ready.data[name] = payload
        ready.run()
        workflow.do_engine_steps()
        after = workflow.get_tasks(state=TaskState.READY, manual=True)
        db.execute(
            "UPDATE cases SET workflow = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?",
            (serializer.serialize_json(workflow), NOW.isoformat(), case_id, version),
        )
        told = json.dumps({**payload, "on": on.isoformat()}, ensure_ascii=False)
        db.execute(
            "INSERT INTO audit (case_id, seq, at, actor_id, actor, verb, before, after, payload) VALUES (?,?,?,?,?,?,?,?,?)",
            (
                case_id,
                version + 1,
                NOW.isoformat(),
                *OFFICER[:2],
                event,
                name,
                after[0].task_spec.name if after else "end",
                told,
            ),
        )
        db.execute("COMMIT")

    run(open_case, take, int(sys.argv[3]))
    if db.execute("SELECT COUNT(*) FROM audit").fetchone()[0] != 6 * int(sys.argv[3]):
        raise SystemExit("not everything was written")


main()

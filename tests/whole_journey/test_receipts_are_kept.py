"""What a device keeps of the station's word can be checked on the device alone; and there is one way in which evidence leaves."""

import ast
from pathlib import Path

from app.store.handed_over import HandedWork
from app.store.notebook import Notebook
from tests.whole_journey.device import Device

ROOT = Path(__file__).parents[2]


async def proof_of(notebook: Notebook, seq: int):
    return await notebook.handed(lambda work: work.prove(seq))


async def test_a_kept_receipt_proves_what_was_received_without_a_network(phone: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    await phone.sync()
    await phone.field.record_nothing_found(patrol=None, position=None)
    phone.network.go_down()
    proved, unproved = await proof_of(phone.notebook, 1), await proof_of(phone.notebook, 2)
    assert proved.holds is not None
    assert proved.holds.covers(1)
    assert unproved.holds is None


async def test_receipts_that_were_changed_on_the_disk_prove_nothing(phone: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    await phone.sync()

    def spoil(work: HandedWork) -> None:
        with work._file.transaction() as connection:
            key_id, _ = work._file.keys.seal(b"", "receipt")
            forged = work._file.keys.seal(b'{"message":"{}","signature":"AA"}', "receipt")[1]
            connection.execute("UPDATE receipt SET key_id = ?, blob = ?", (key_id, forged))

    await phone.notebook.handed(spoil)
    proof = await proof_of(phone.notebook, 1)
    assert proof.holds is None
    assert proof.broken == proof.checked > 0


def _calls(path: Path, names: set[str]) -> set[str]:
    """Functions of a file that call one of these."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            called = {ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
            found |= {node.name for one in called if any(one.endswith(name) for name in names)}
    return found


def test_one_way_alone_takes_evidence_off_a_device():
    """5. No evidence leaves a device before a receipt that names it: photo files are removed by the shelf alone.

    There ``release`` asks for the receipt; ``erase`` obeys the law, of what the station has; ``keep`` takes back what could not
    be given a row; ``__init__`` finishes what a kill broke off.
    """
    by_file = {path.name: _calls(path, {"files.remove"}) for path in (ROOT / "app").rglob("*.py")}
    assert {name: found for name, found in by_file.items() if found} == {
        "photo_shelf.py": {"release", "erase", "keep", "__init__"}
    }
    deleting = {path.name for path in (ROOT / "app").rglob("*.py") if "DELETE FROM entry" in path.read_text()}
    assert deleting == set()
    vaults = {path.name for path in (ROOT / "app").rglob("*.py") if _calls(path, {"erase_vault"})}
    assert vaults == {"journal_store.py"}

"""Which of several records of the same thing is counted."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection


def choose_counted(merged_into: Mapping[str, str | None], voided: Iterable[str]) -> dict[str, bool]:
    """For each record whether it is counted: of those joined, exactly one that is not voided.

    It is the record that the others were joined to. Where that one is voided, or they were joined in a circle, it is the first
    by name. A record that was joined to one which is not here counts there.
    """
    gone = frozenset(voided)
    groups: dict[str, list[str]] = {}
    for record in merged_into:
        groups.setdefault(_root_of(record, merged_into), []).append(record)
    counted = dict.fromkeys(merged_into, False)
    for root, members in groups.items():
        if root not in merged_into:
            continue
        standing = sorted(member for member in members if member not in gone)
        if root in standing:
            counted[root] = True
        elif standing:
            counted[standing[0]] = True
    return counted


def _root_of(record: str, merged_into: Mapping[str, str | None]) -> str:
    """The end of the chain; of a circle its first by name."""
    path = [record]
    while (following := merged_into.get(path[-1])) is not None:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


def settle_merges(connection: Connection) -> None:
    """Writes ``counted`` of every record that is joined with another."""
    rows = connection.exec_driver_sql(
        "SELECT subject, merged_into, voided OR custody = 'held' FROM observation WHERE subject IN "
        "(SELECT subject FROM observation WHERE merged_into IS NOT NULL "
        "UNION SELECT merged_into FROM observation WHERE merged_into IS NOT NULL)"
    ).all()
    if rows:
        counted = choose_counted({row[0]: row[1] for row in rows}, [row[0] for row in rows if row[2]])
        changes = [(chosen, record) for record, chosen in counted.items()]
        connection.exec_driver_sql("UPDATE observation SET counted = ? WHERE subject = ?", changes)

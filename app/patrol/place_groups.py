"""Registered places by the groups that a map is read in: markers, trails, nodes, premises, villages."""

from enum import StrEnum


class PlaceGroup(StrEnum):
    MARKERS = "markers"
    TRAILS = "trails"
    NODES = "nodes"
    PREMISES = "premises"
    VILLAGES = "villages"


_GROUP_OF = {
    **dict.fromkeys(("moc", "coc_dau", "bien_bao", "marker", "sign"), PlaceGroup.MARKERS),
    **dict.fromkeys(("duong_mon", "loi_mo", "dau_duong", "trail", "opening"), PlaceGroup.TRAILS),
    **dict.fromkeys(("lang", "ban", "thon", "xom", "village"), PlaceGroup.VILLAGES),
    **dict.fromkeys(("co_so", "luu_tru", "premises", "tru_so", "y_te", "truong_hoc", "cho"), PlaceGroup.PREMISES),
}


def group_of(kind: str) -> PlaceGroup:
    """The group of a register's kind; posts, crossings and whatever a newer register names are nodes."""
    return _GROUP_OF.get(kind, PlaceGroup.NODES)

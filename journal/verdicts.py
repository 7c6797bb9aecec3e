"""Words of the desk on a record that rules and folds turn on; all of them are in :class:`journal.entries.Reviewed`."""

from typing import Final

EARLY: Final[frozenset[str]] = frozenset({"da_tiep_nhan", "dang_xac_minh"})
"""Somebody has it in hand: no verdict yet."""
RETURNED: Final = "yeu_cau_bo_sung"
APPROVED: Final = "da_duyet"
SEALED: Final = "khoa_so"
REASONED: Final[frozenset[str]] = frozenset({"khong_co_co_so", "sinh_hoat_binh_thuong", "khong_xac_minh_duoc", RETURNED})
"""Those that say why."""

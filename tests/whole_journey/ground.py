"""What most tests begin on: a post whose devices have just joined, made once; and photos."""

import asyncio
import atexit
import io
import shutil
import tempfile
from functools import cache
from pathlib import Path

from PIL import Image

from tests.whole_journey.post import COMMANDER, LEADER, OFFICER, Post

WHO = {"phone1": LEADER, "phone2": OFFICER, "desk": COMMANDER}


def _quick_folder() -> Path:
    """In memory where there is such a place: what is tested here is order and luck, not the disk."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="tuan-tra-", dir=memory if memory.is_dir() else None))


@cache
def first_day() -> tuple[Path, int]:
    """A post whose three devices have just joined, on disk, to be copied; and the time of that day."""
    folder = _quick_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

    async def join_all() -> int:
        post = Post(folder)
        post.found()
        for name, person in WHO.items():
            device = post.new_device(name)
            await device.begin(await post.join(device, person))
            await device.sync()
            await device.close()
        post.stop()
        return post.true.ms

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return folder, runner.run(join_all())


@cache
def picture(number: int) -> bytes:
    """A small photo unlike any other."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (number * 37 % 256, number * 91 % 256, number % 256)).save(out, "JPEG", quality=50)
    return out.getvalue()

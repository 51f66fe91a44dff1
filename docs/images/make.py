"""Draw the pictures of this folder anew: the top of the brief on a bundled case, and who waits for whom in it.

Run it from the repository with the test extras installed and Chromium on PATH: ``python docs/images/make.py [BRIEF.html]``.
Without a brief that was written before it takes some minutes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import detente as dt

HERE = Path(__file__).parent
CASE = "us-dprk-2019"
WIDTH = 1120
SCALE = 0.85  # keeps the files small


def main() -> None:
    path = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("no Chromium on PATH; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        written = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
        page_file = written or dt.brief(dt.load(CASE)).save(Path(folder) / f"{CASE}.html")
        browser = playwright.chromium.launch(executable_path=path, args=["--headless=new", "--no-sandbox", "--disable-gpu"])
        view = {"width": WIDTH, "height": 900}
        page = browser.new_page(viewport=view, device_scale_factor=SCALE, color_scheme="light")
        page.goto(page_file.as_uri())
        end = page.locator("#stuck").bounding_box()
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": end["y"] - 40 if end else 1500}
        page.screenshot(path=HERE / "brief.png", full_page=True, clip=clip)
        page.locator("#chart-deadlock").screenshot(path=HERE / "deadlock.png")
        browser.close()
    for name in ("brief.png", "deadlock.png"):
        print(f"{name}: {(HERE / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

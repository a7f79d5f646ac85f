"""Takes the README's picture: a page of the example's publication in a headless Chromium.

The picture depends on the browser and its fonts' rendering, so it is made when the page has changed, and committed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from saklig.compilation.compiling import compile_edition
from saklig.publish.site.write import write_site

DOCS = Path(__file__).parent
STUDY = DOCS.parent / "examples" / "kommun" / "study.toml"
PICTURE = DOCS / "pictures" / "question.png"
PAGE = "en/q4_1.html"
SIZE = "1120,1010"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("No Chromium is found; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="saklig-picture-") as folder:
        write_site(compile_edition(STUDY), Path(folder) / "site")
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={SIZE}")
        page = (Path(folder) / "site" / PAGE).as_uri()
        subprocess.run([browser, *options, f"--screenshot={PICTURE}", page], check=True, capture_output=True)
    print(f"{PICTURE.relative_to(DOCS.parent)}: {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()

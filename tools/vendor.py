"""Remake `jiugong/static/vendor/`: the few files of other houses that our pages are served with.

    python tools/vendor.py            fetch what package.json pins, copy it, rewrite the manifest
    python tools/vendor.py --check    compare the files here with the manifest; needs no network

The versions stand in `package.json`, exact. npm fetches the packages into a temporary folder; nothing else of
them is kept. References to source maps are cut, so that a page asks for nothing that we do not serve.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "jiugong" / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

SOURCE_MAP = re.compile(rb"\n?(?://[#@] ?sourceMappingURL=[^\n]*|/\*[#@] ?sourceMappingURL=[^*]*\*/)\s*")

# The icons our templates name. A new icon: add its name (its file name in the package), then `make vendor`.
ICONS = (
    "alert-circle", "alert-triangle", "arrow-back-up", "arrow-down", "arrow-left", "arrow-right", "arrow-up",
    "arrows-exchange", "bell", "bell-ringing", "book", "building-factory-2", "calendar", "calendar-off", "camera",
    "camera-off", "certificate", "check", "checkbox", "chevron-down", "chevron-left", "chevron-right", "circle",
    "circle-check", "circle-dashed", "circle-minus", "clipboard-check", "clipboard-list", "clock", "copy",
    "device-desktop", "device-laptop", "dots", "download", "edit", "eye", "file-spreadsheet", "file-text",
    "file-type-docx", "file-type-pdf", "file-type-xls", "filter", "flag", "flask", "git-compare", "grip-vertical",
    "hand-stop", "help-circle", "history", "home", "id", "info-circle", "key", "keyboard", "language",
    "layout-grid", "link", "list", "lock", "logout", "map", "map-2", "map-pin", "mask", "message", "moon", "pencil",
    "phone", "photo-scan", "player-track-next", "plus", "polygon", "printer", "qrcode", "recycle", "refresh",
    "scale", "scan", "school", "search", "send", "settings", "shield-check", "spray", "star", "sun", "temperature",
    "test-pipe", "trash", "upload", "user", "user-check", "user-minus", "user-plus", "user-question", "users",
    "vaccine", "vaccine-bottle", "virus", "volume", "volume-off", "wash", "wifi-off", "world", "x",
)

MIT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True, kw_only=True)
class Package:
    """One package, where its files go, and which of them we keep (path in the package: name here)."""

    name: str
    folder: str
    files: dict[str, str]


PACKAGES = (
    Package(name="@tabler/core", folder="tabler",
            files={"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"}),
    Package(name="@tabler/icons", folder="tabler-icons", files={}),
    Package(name="htmx.org", folder="htmx", files={"dist/htmx.min.js": "htmx.min.js"}),
    Package(name="zxing-wasm", folder="zxing-wasm",
            files={"dist/iife/reader/index.js": "reader.js", "dist/reader/zxing_reader.wasm": "zxing_reader.wasm"}),
    Package(name="maplibre-gl", folder="maplibre-gl",
            files={"dist/maplibre-gl.css": "maplibre-gl.css", "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
                   "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs"}),
    Package(name="echarts", folder="echarts",                                   # the pictures of an incident: `static/pictures.js`
            files={"dist/echarts.min.js": "echarts.min.js", "NOTICE": "NOTICE"}),
    Package(name="@expo-google-fonts/noto-sans-sc", folder="noto-sans-sc",      # what PDF is set in: `lib/papers.py`
            files={"400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
                   "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf"}),
)


def unpacked(name: str, version: str, into: Path) -> Path:
    """Fetch one package with npm and unpack it. Answers the folder that holds its files."""
    into.mkdir()
    done = subprocess.run(["npm", "pack", f"{name}@{version}", "--silent", "--ignore-scripts"],
                          cwd=into, check=True, capture_output=True, text=True)
    with tarfile.open(into / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(into, filter="data")
    return into / "package"


def without_source_map(content: bytes) -> bytes:
    return SOURCE_MAP.sub(b"\n", content)


def sprite(icons: Path) -> bytes:
    """All icons of `ICONS` as one file of symbols, each drawn in the colour of the text around it."""
    symbols = []
    for name in sorted(ICONS):
        drawing = (icons / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        paths = [" ".join(path.split()) for path in re.findall(r"<path[^>]*/>", drawing) if 'stroke="none"' not in path]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
                       f'stroke-linecap="round" stroke-linejoin="round">{"".join(paths)}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def licence_text(package: Path, files: dict[str, str]) -> str:
    """The licence as its authors ship it; where the package has only a banner, the MIT text under its names."""
    for name in ("LICENSE_FONT", "LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"):
        if (package / name).exists():
            return (package / name).read_text(encoding="utf-8")
    banner = (package / next(iter(files))).read_text(encoding="utf-8")[:2000]
    copyrights = re.findall(r"Copyright [^\n]+", banner)
    if not copyrights or "MIT" not in banner:
        raise SystemExit(f"{package}: no licence found. Look at the package before using it.")
    return MIT.format(copyright="\n".join(dict.fromkeys(copyrights)))


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def remake() -> None:
    """Fetch, copy, cut, and write down what came from where."""
    pinned: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    manifest = []

    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary) / "vendor"
        for package in PACKAGES:
            version = pinned[package.name]
            source = unpacked(package.name, version, Path(temporary) / package.folder)
            target = fresh / package.folder
            target.mkdir(parents=True)

            for path, name in package.files.items():
                (target / name).write_bytes(without_source_map((source / path).read_bytes()))
            if package.name == "@tabler/icons":
                (target / "sprite.svg").write_bytes(sprite(source))
            (target / "LICENSE").write_text(licence_text(source, package.files), encoding="utf-8")

            manifest.append({
                "name": package.name,
                "version": version,
                "licence": json.loads((source / "package.json").read_text(encoding="utf-8"))["license"],
                "files": {f"{package.folder}/{file.name}": fingerprint(file) for file in sorted(target.iterdir())},
            })

        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (fresh / "manifest.json").write_text(text, encoding="utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)


def differences() -> Iterator[str]:
    """Say every way in which the folder and its manifest disagree."""
    packages = json.loads(MANIFEST.read_text(encoding="utf-8"))
    said = {name: sha for package in packages for name, sha in package["files"].items()}
    here = {str(path.relative_to(VENDOR)): path for path in VENDOR.rglob("*") if path.is_file() and path != MANIFEST}

    for name in sorted(said.keys() - here.keys()):
        yield f"{name} is in the manifest but not here"
    for name in sorted(here.keys() - said.keys()):
        yield f"{name} is here but not in the manifest"
    for name in sorted(said.keys() & here.keys()):
        if fingerprint(here[name]) != said[name]:
            yield f"{name} is not the file that the manifest describes"


def main() -> int:
    parser = argparse.ArgumentParser(description="Remake or check jiugong/static/vendor.")
    parser.add_argument("--check", action="store_true", help="only compare the files with the manifest")
    if not parser.parse_args().check:
        remake()

    wrong = list(differences())
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print("Run `make vendor` to fetch these files again.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Files as LibreOffice saves and prints them, which many a city's offices use."""

import subprocess
from pathlib import Path

SOFFICE = "/usr/bin/soffice"
CSV = "csv:Text - txt - csv (StarCalc):44,34,64"  # commas, quotation marks, Shift_JIS
PATIENCE = 120  # seconds


def converted_by(profile: Path, folder: Path, data: bytes, target: str) -> bytes:
    """The workbook as LibreOffice saves it: `target` is "xlsx", "pdf" or `CSV`.

    `profile`: a folder of its own, so that it shares nothing with the LibreOffice of the desk.
    """
    source, out = folder / "名簿.xlsx", folder / "out"
    source.write_bytes(data)
    done = subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        + ["--convert-to", target, "--outdir", str(out), str(source)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    saved = out / f"名簿.{target.partition(':')[0]}"
    assert saved.is_file(), done.stderr
    return saved.read_bytes()

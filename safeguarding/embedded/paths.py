"""Where things are kept on this machine."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"  # git-ignored: data, logs, keys and built styles of this machine

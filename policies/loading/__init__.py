"""From a pack's text to a validated pack. The public names; what is wrong with a pack is said in `policies.errors`."""

from policies.loading.documents import build_pack, content_hash, load_source, parse_pack, parse_source
from policies.loading.fields import PackSource

__all__ = ["PackSource", "build_pack", "content_hash", "load_source", "parse_pack", "parse_source"]

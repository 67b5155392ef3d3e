"""Changes to the policy engine that nobody could notice, by function and changed line, each with its reason."""

EQUIVALENT: dict[str, dict[str, str]] = {}

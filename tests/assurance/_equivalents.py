"""Changes to the policy engine that nobody could notice, by function and changed line, each with its reason."""

_JOINTS = ("None", '"XXorXX"', '"OR"')
_STRICT = ("strict=None", "strict=False", "")

EQUIVALENT: dict[str, dict[str, str]] = {
    "gates._see_to": {'kind, _, target = gate_key.rpartition(":")': "a key holds one colon"},
    "substitution._moved_key": {'kind, _, target = key.rpartition(":")': "a key holds one colon"},
    "substitution.substituted": {
        "owner = next_free(obligation.owner, barred) if (obligation.owner) or True else None": "nobody is never barred",
    },
    "conditions.in_words": {
        f"return statement(condition.fact, [condition.value], {joint})": "one value is joined to nothing"
        for joint in _JOINTS
    },
    "conditions._denied": {
        f"return statement(part.fact, [not part.value], {joint})": "one value is joined to nothing" for joint in _JOINTS
    },
    "reasons._met_part": {
        "return parts[0] if (len(parts) == 1) and False else All(parts)": "one part reads as itself",
    },
    "durations.Calendar.holidays": {
        f"for ended, (begins, _) in zip(ends, terms[1:], {strict}):": "no term follows the last end"
        for strict in _STRICT
    },
    "durations._working_days": {
        "elif clock <= calendar.opens:": "at opening it counts from opening either way",
    },
    "policy.Policy._file": {
        f"for bit in bits_of(min(asked.needs, {key})):": "filed under another of its needs; only more are asked"
        for key in ("key=None", "")
    },
    "evaluate._substitute": {
        "united[key] = obligations[0] if (len(obligations) == 1) and False else merge(lines, silent=silent)": (
            "one alone, united, is itself; it is only slower"
        ),
    },
    "atoms.known_of": {
        f"for {name}, bits in zip({values}, {strict}):": "both are always as long as each other"
        for name, values in (("value", "_singles(facts), _SINGLE_BITS"), ("values", "_lists(facts), _LIST_BITS"))
        for strict in _STRICT
    },
}

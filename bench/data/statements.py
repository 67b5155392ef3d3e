"""The SQL that invents the cases: 85 in 100 are closed, and rows stand in the order of time, as in real life."""

SCHOOL_TABLE = """
CREATE UNLOGGED TABLE bench_school (
    id uuid, prefix text, cases int, is_opened bool, is_searched bool,
    users uuid[], team uuid[], head uuid, pupils uuid[], staff uuid[])
"""

SCHOOL_ROW = """
INSERT INTO bench_school
SELECT s.id, %s, %s, %s, %s,
    ARRAY(SELECT user_id FROM accounts_membership m WHERE m.school_id = s.id AND role = 'staff'),
    ARRAY(SELECT user_id FROM accounts_membership m
          WHERE m.school_id = s.id AND role IN ('dsl', 'deputy_dsl', 'online_safety_lead')),
    (SELECT user_id FROM accounts_membership m WHERE m.school_id = s.id AND role = 'headteacher'),
    ARRAY(SELECT p.id FROM accounts_person p WHERE p.school_id = s.id AND kind = 'pupil'),
    ARRAY(SELECT m.person_id FROM accounts_membership m WHERE m.school_id = s.id AND role = 'staff')
FROM accounts_school s WHERE s.slug = %s
"""

# One row for each case, with its dice thrown. Three in a hundred are about an adult and go to the headteacher.
CASES = """
CREATE UNLOGGED TABLE bench_case AS
SELECT gen_random_uuid() AS id, school_id, prefix, is_opened, k, chance, is_adult,
    CASE WHEN NOT is_searched AND chance < 0.85 THEN 'closed' WHEN chance < 0.93 THEN 'open'
         WHEN chance < 0.97 THEN 'acknowledged' ELSE 'reported' END AS status,
    %(at)s::timestamptz - interval '1 minute' - CASE WHEN NOT is_searched AND chance < 0.85
        THEN interval '30 days' + random() * interval '1000 days' ELSE random() * interval '60 days' END AS logged_at,
    (ARRAY['content', 'contact', 'conduct', 'commerce'])[1 + floor(random() * 4)::int] AS category,
    CASE WHEN d < 0.01 THEN 0 WHEN d < 0.16 THEN 1 WHEN d < 0.80 THEN 2 ELSE 3 END AS level,
    d < 0.01 AS is_danger,
    (ARRAY['in_school', 'off_site', 'online', 'online'])[1 + floor(random() * 4)::int] AS place,
    users[1 + floor(random() * cardinality(users))::int] AS logged_by,
    CASE WHEN is_adult THEN head ELSE team[1 + floor(random() * cardinality(team))::int] END AS handler,
    pupils[1 + first] AS pupil, 7 + first %% 7 AS year_group,
    CASE WHEN is_adult THEN staff[1 + floor(random() * cardinality(staff))::int]
         ELSE pupils[1 + (first + 1 + floor(random() * (cardinality(pupils) - 1))::int) %% cardinality(pupils)]
    END AS other,
    CASE WHEN is_adult OR d < 0.5 THEN 'alleged' WHEN d < 0.75 THEN 'witness' ELSE 'named' END AS other_part,
    random() AS due_chance
FROM (
    SELECT s.id AS school_id, s.*, k, random() AS chance, random() AS d,
        NOT s.is_searched AND random() < 0.03 AS is_adult, floor(random() * cardinality(s.pupils))::int AS first
    FROM bench_school s, LATERAL generate_series(1, s.cases) AS k OFFSET 0
) AS thrown
"""

# Two entries for each case, fifty for some open ones of the measured school (the first school in the plan).
ENTRIES = """
CREATE UNLOGGED TABLE bench_entry AS
SELECT gen_random_uuid() AS id, c.id AS incident_id, c.school_id, c.is_opened, c.handler AS by_id,
    c.logged_at + n * interval '5 minutes' AS at, (c.k + n) %% 200 AS filler,
    (ARRAY['incident.reported', 'incident.acknowledged', 'incident.note_added'])[least(n, 3)] AS event
FROM (
    SELECT *, CASE WHEN status = 'open' AND NOT is_adult AND row_number() OVER (
        PARTITION BY school_id, status, is_adult ORDER BY logged_at) <= %(long_cases)s AND is_opened
        THEN %(long)s ELSE 2 END AS entries
    FROM bench_case
) AS c, LATERAL generate_series(1, c.entries) AS n
"""

_INCIDENTS = """
INSERT INTO incidents_incident (
    id, school_id, reference, draft_id, status, status_changed_at, level, category, handled_by, is_about_adult,
    is_danger_reported, happened_at, happened_precision, became_aware_at, logged_at, logged_by_id, place, place_detail,
    online_service, narrative, action_taken, late_reason, owner_id, first_opened_at, acknowledged_at,
    acknowledged_by_id, closed_at, closed_by_id, outcome, next_due_at, adoption_id)
SELECT id, school_id, prefix || '-' || substr(signs, 1 + spread % 29, 1) || substr(signs, 1 + spread / 29 % 29, 1)
        || substr(signs, 1 + spread / 841 % 29, 1) || substr(signs, 1 + spread / 24389 % 29, 1),
    gen_random_uuid(), status, logged_at + interval '2 hours', level, category,
    CASE WHEN is_adult THEN 'headteacher' ELSE 'dsl' END, is_adult, is_danger,
    logged_at - interval '3 hours', 'time', logged_at - interval '1 hour', logged_at, logged_by, place, NULL,
    CASE WHEN place = 'online' THEN (SELECT s.service FROM bench_sealed s WHERE c.is_opened AND s.id = c.id) END,
    coalesce((SELECT s.narrative FROM bench_sealed s WHERE c.is_opened AND s.id = c.id),
             (SELECT f.narrative FROM bench_filler f WHERE f.n = c.k % 200)),
    coalesce((SELECT s.action_taken FROM bench_sealed s WHERE c.is_opened AND s.id = c.id),
             (SELECT f.action FROM bench_filler f WHERE f.n = c.k % 200)),
    NULL,
    CASE WHEN status IN ('open', 'closed') THEN handler END,
    CASE WHEN status <> 'reported' THEN logged_at + interval '20 minutes' END,
    CASE WHEN status <> 'reported' THEN logged_at + interval '30 minutes' END,
    CASE WHEN status <> 'reported' THEN handler END,
    CASE WHEN status = 'closed' THEN logged_at + interval '20 days' END,
    CASE WHEN status = 'closed' THEN handler END,
    CASE WHEN status = 'closed' THEN 'resolved' ELSE '' END,
    CASE WHEN status <> 'closed' AND due_chance < 0.7 THEN logged_at + due_chance * interval '90 days' END,
    (SELECT a.id FROM policies_packadoption a WHERE a.school_id = c.school_id)
FROM (SELECT *, (k::bigint * 7919 % 707281)::int AS spread,
        '23456789ABCDEFGHJKMNPQRTVWXYZ' AS signs FROM bench_case ORDER BY logged_at) AS c
"""

_PEOPLE = """
INSERT INTO incidents_involvedperson (
    id, school_id, incident_id, person_id, description, part, year_group_then, form_then, added_at, added_by_id)
SELECT gen_random_uuid(), school_id, id, CASE WHEN n = 1 THEN pupil ELSE other END, NULL,
    CASE WHEN n = 1 THEN 'harmed' ELSE other_part END,
    CASE WHEN n = 2 AND is_adult THEN '' ELSE year_group::text END,
    CASE WHEN n = 2 AND is_adult THEN '' ELSE year_group || 'A' END, logged_at, logged_by
FROM (SELECT * FROM bench_case ORDER BY logged_at) AS c, generate_series(1, 2) AS n
"""

_CHRONOLOGY = """
INSERT INTO incidents_chronologyentry (id, school_id, incident_id, event, at, by_id, text, answers_id)
SELECT id, school_id, incident_id, event, at, by_id,
    coalesce((SELECT s.text FROM bench_sealed_entry s WHERE e.is_opened AND s.id = e.id),
             (SELECT f.entry FROM bench_filler f WHERE f.n = e.filler)), NULL
FROM (SELECT * FROM bench_entry ORDER BY at) AS e
"""

# What the policy asks of the cases with a long chronology: bans, things to do by their moment, things to weigh, and
# some that are done.
_DUTIES = """
INSERT INTO incidents_obligation (
    id, school_id, incident_id, key, kind, target, any_of, owner_role, strength, severity, "within", clause, pack_id,
    text, after_key, until, unless, exception, evidence, is_silent, other_times, starts_at, due_at, alert_at, step,
    state, settled_at, settled_by_id, paused_seconds, failures, why)
SELECT gen_random_uuid(), c.school_id, c.id, 'do:' || n || CASE WHEN n <= 3 THEN '!' ELSE '' END,
    CASE WHEN n <= 3 THEN 'forbid' ELSE 'do' END, 'support_pupil', '{}', 'dsl',
    CASE WHEN n <= 3 THEN 3 WHEN n <= 6 THEN 1 ELSE 2 END, c.level, CASE WHEN n > 6 THEN '24h' ELSE '' END,
    'our-support', 'starter', 'Keep them safe and write down how, number ' || n, '', '', '', '',
    CASE WHEN n % 5 = 0 THEN 'what was done' ELSE '' END, false, '{}', c.logged_at,
    CASE WHEN n > 6 THEN c.logged_at + n * interval '7 hours' END, NULL, 0,
    CASE WHEN n > 16 THEN 'done' ELSE 'open' END,
    CASE WHEN n > 16 THEN c.logged_at + interval '3 hours' END, CASE WHEN n > 16 THEN c.logged_by END, 0, 0,
    'harm was done to a pupil'
FROM bench_case c, generate_series(1, 20) AS n
WHERE c.id IN (SELECT incident_id FROM bench_entry GROUP BY incident_id HAVING count(*) >= 50)
"""

# A case that few may know of has a chain of its own, entered in the school's register. The rows of the ledger, one for
# each case and each chain, are there so that it is as long as it would be. They prove nothing and say so.
_CHAINS = """
INSERT INTO accounts_auditchain (id, school_id, name, last_seq, last_hash, key_id, end_seal)
SELECT gen_random_uuid(), c.school_id, 'case:' || c.id, 0, h.last_hash, h.key_id, h.end_seal
FROM bench_case c JOIN accounts_auditchain h ON h.school_id = c.school_id AND h.name = 'school' WHERE c.is_adult
"""

_REGISTER = """
INSERT INTO accounts_auditevent (
    id, school_id, chain_id, seq, at, actor, actor_name, event, target, summary, data, key_id, prev_hash, hash)
SELECT gen_random_uuid(), c.school_id, h.id,
    h.last_seq + row_number() OVER (PARTITION BY c.school_id ORDER BY c.logged_at), c.logged_at,
    'system', 'Loaded for a measurement', 'audit.chain_opened', 'chain:case:' || c.id,
    'Loaded for a measurement.', '{}', h.key_id, sha256(c.id::text::bytea), sha256(c.k::text::bytea)
FROM bench_case c JOIN accounts_auditchain h ON h.school_id = c.school_id AND h.name = 'register' WHERE c.is_adult
"""

_LEDGER = """
INSERT INTO accounts_auditevent (
    id, school_id, chain_id, seq, at, actor, actor_name, event, target, summary, data, key_id, prev_hash, hash)
SELECT gen_random_uuid(), c.school_id, h.id,
    h.last_seq + row_number() OVER (PARTITION BY h.id ORDER BY c.logged_at), c.logged_at,
    c.logged_by::text, 'Loaded for a measurement', 'incident.reported', 'incident:' || c.id,
    'Loaded for a measurement.', '{}', h.key_id, sha256(c.id::text::bytea), sha256(c.k::text::bytea)
FROM bench_case c JOIN accounts_auditchain h
    ON h.school_id = c.school_id AND h.name = CASE WHEN c.is_adult THEN 'case:' || c.id ELSE 'school' END
"""

INSERTS = {
    "incidents": _INCIDENTS,
    "people": _PEOPLE,
    "chronology": _CHRONOLOGY,
    "duties": _DUTIES,
    "audit chains": _CHAINS,
    "their register": _REGISTER,
    "ledger": _LEDGER,
}

CHAIN_ENDS = """
UPDATE accounts_auditchain h SET last_seq = e.seq FROM (
    SELECT chain_id, max(seq) AS seq FROM accounts_auditevent GROUP BY chain_id
) AS e WHERE e.chain_id = h.id
"""

"""Views of what is lacking: what an interview does not tell, and when further ones tell nothing new."""

from __future__ import annotations

from pipeline.sql import literal
from pipeline.store.shape import METADATA, View

ASK: tuple[tuple[str, str, str], ...] = (
    (
        "stage",
        "first_thought",
        "When did you first think that this might not go on as it was? Where were you?",
    ),
    (
        "stage",
        "passive_looking",
        "After that, what did you notice or hear about it, before you looked yourself?",
    ),
    (
        "stage",
        "active_looking",
        "When did you start to look in earnest? What did you look at, and with whom?",
    ),
    ("stage", "deciding", "What was the day like when you decided? What had to be given up for it?"),
    (
        "stage",
        "first_use",
        "Tell me about the first time you used it. What was as expected, and what was not?",
    ),
    ("stage", "ongoing_use", "How is it now? What do you do today that you did not do before?"),
    ("force", "push", "What went wrong with the old way? Tell me about the last time."),
    ("force", "pull", "What did you picture would be better with the new one?"),
    ("force", "anxiety", "What did you worry about before you chose? What could have gone wrong?"),
    ("force", "habit", "What kept you with the old way for so long? What do you miss of it?"),
    ("outcome", "outcome", "How do you know that it went well? By what do you judge it?"),
    ("job_step", "define", "Before you start, what do you have to decide or plan?"),
    ("job_step", "locate", "What do you need to find or gather first, and where does it come from?"),
    ("job_step", "prepare", "What do you have to set up before you can begin?"),
    ("job_step", "confirm", "How do you make sure that all is ready?"),
    ("job_step", "execute", "Walk me through doing it, the last time you did."),
    ("job_step", "monitor", "While it runs, what do you keep an eye on?"),
    ("job_step", "modify", "What do you have to change or put right on the way?"),
    ("job_step", "conclude", "How do you finish, and what happens to the result?"),
    ("switch", "fired", "What did you use before, or what did you do instead?"),
    ("switch", "hired", "What did you take up in the end, or what did you look at?"),
    ("switch", "event_one", "What happened on the day that made you look?"),
    ("switch", "event_two", "What made you decide just then, and not a month later?"),
    ("switch", "candidate", "What else did you consider, and why not that?"),
    ("switch", "when", "When was that? What else was going on at the time?"),
    ("switch", "decided_by", "Who had a say in it? Who pays for it, and who uses it?"),
    ("switch", "paid", "What did it cost, and what had you paid before?"),
)
"""(aspect, value, the question to ask next time), in the order of a talk."""

BASE = 4
"""Interviews whose themes are what further ones are compared with; fixed, as the two below: studies are compared."""
RUN = 2
"""Further interviews that are looked at together."""
LITTLE = 0.05
"""New themes of a run, as a share of the base's themes, at which the study tells nothing new."""

_VALUES = ",\n".join(
    f"('{aspect}', '{value}', {place}, {literal(question)})"
    for place, (aspect, value, question) in enumerate(ASK, 1)
)

COVERAGE = View(
    "coverage",
    "For each interview every stage, force, job step and part of a switch, how often it is told, and, where it is "
    "not, the question to ask next time. Not told is not the same as not so: nothing is guessed, and an event that is "
    "only guessed is not told.",
    f"""
    WITH wanted(aspect, value, place, question) AS (VALUES {_VALUES}),
    sure AS (SELECT * FROM statements WHERE NOT needs_review AND led IS NOT TRUE),
    told AS (
        SELECT transcript_id, 'stage' AS aspect, stage AS value FROM sure
        UNION ALL SELECT transcript_id, CASE label WHEN 'outcome' THEN 'outcome' ELSE 'force' END, label FROM sure
        UNION ALL SELECT s.transcript_id, 'job_step', o.job_step FROM outcomes o JOIN sure s USING (statement_id)
        UNION ALL SELECT transcript_id, 'switch', part FROM switch_parts
        WHERE part NOT IN ('event_one', 'event_two') OR score IS NULL),
    counted AS (SELECT transcript_id, aspect, value, count(*) AS n FROM told GROUP BY ALL)
    SELECT t.transcript_id, t.source, t.study, w.aspect, w.value, w.place, coalesce(c.n, 0) AS n_told,
           CASE WHEN c.n IS NULL THEN 'not discussed' ELSE 'told' END AS status,
           CASE WHEN c.n IS NULL THEN w.question END AS ask_next_time, t.metadata
    FROM transcripts t CROSS JOIN wanted w LEFT JOIN counted c USING (transcript_id, aspect, value)
    ORDER BY t.source, t.transcript_id, w.place
    """,
    (
        ("transcript_id", "the interview"),
        ("source", "where it was read"),
        ("study", "its study"),
        ("aspect", "stage, force, outcome, job_step or switch"),
        ("value", "the stage, force, job step, or part of the switch"),
        ("place", "its place in the order of a talk"),
        (
            "n_told",
            "statements (parts of the switch) that tell it; those for review and led answers left out",
        ),
        ("status", "told, or not discussed"),
        ("ask_next_time", "the question to ask; null where it is told"),
        METADATA,
    ),
)

SATURATION = View(
    "saturation",
    "Per study, in the order of the interviews, how many themes each one tells first. A run of further interviews "
    f"whose new themes are at most {LITTLE:.0%} of those of the base tells nothing new: base {BASE} interviews, runs "
    f"of {RUN} (the method of Guest, Namey and Chen, 2020). Null until there are enough interviews to say.",
    f"""
    WITH ordered AS (
        SELECT transcript_id, source, study, metadata, row_number() OVER (
            PARTITION BY study ORDER BY interview_date NULLS LAST, source, transcript_id) AS interview_number
        FROM transcripts),
    told AS (
        SELECT DISTINCT i.study, i.interview_number, i.transcript_id, s.theme_id
        FROM ordered i JOIN statements s USING (transcript_id) JOIN themes h USING (theme_id)
        WHERE h.status = 'active' AND NOT s.needs_review AND s.led IS NOT TRUE),
    firsts AS (SELECT study, theme_id, min(interview_number) AS first_told FROM told GROUP BY study, theme_id),
    counted AS (
        SELECT i.study, i.interview_number, i.transcript_id, i.source, i.metadata,
               (SELECT count(*) FROM told WHERE told.transcript_id = i.transcript_id) AS n_themes,
               (SELECT count(*) FROM firsts f WHERE f.study IS NOT DISTINCT FROM i.study
                AND f.first_told = i.interview_number) AS new_themes
        FROM ordered i),
    summed AS (
        SELECT *, sum(new_themes) OVER whole AS themes_so_far,
               sum(CASE WHEN interview_number <= {BASE} THEN new_themes ELSE 0 END) OVER whole AS base_themes,
               sum(new_themes) OVER (PARTITION BY study ORDER BY interview_number
                   ROWS BETWEEN {RUN - 1} PRECEDING AND CURRENT ROW) AS new_in_run
        FROM counted WINDOW whole AS (PARTITION BY study ORDER BY interview_number))
    SELECT study, interview_number, transcript_id, source, n_themes, new_themes,
           themes_so_far::INTEGER AS themes_so_far,
           CASE WHEN interview_number >= {BASE + RUN} AND base_themes > 0
                THEN round(new_in_run / base_themes, 3) END AS new_information,
           CASE WHEN interview_number >= {BASE + RUN} AND base_themes > 0
                THEN new_in_run / base_themes <= {LITTLE} END AS tells_nothing_new, metadata
    FROM summed ORDER BY study, interview_number
    """,
    (
        ("study", "the study; null for interviews of none"),
        ("interview_number", "its place in the study, by date and source, from 1"),
        ("transcript_id", "the interview"),
        ("source", "where it was read"),
        ("n_themes", "active themes that it tells, led answers left out"),
        ("new_themes", "of these, told here first in the study"),
        ("themes_so_far", "themes told up to here"),
        (
            "new_information",
            f"new themes of this interview and the {RUN - 1} before, as a share of those of the first {BASE}",
        ),
        ("tells_nothing_new", f"whether that is at most {LITTLE:.0%}; null for the first {BASE + RUN - 1}"),
        METADATA,
    ),
)

GAP_VIEWS: tuple[View, ...] = (COVERAGE, SATURATION)

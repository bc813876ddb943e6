"""A state of many interviews made from one of few, for measuring: rows copied under new ids, vectors moved a little.

Reading and extracting ten thousand interviews takes hours; what is measured on them (a run without changes, ten
files more, publishing) only needs their rows and their files.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Settings
from pipeline.inputs import ScanOptions, scan
from pipeline.recipes import recipes
from pipeline.state import State, hold, sources, state_path

_ROWS = """
CREATE TEMP TABLE pairs AS
WITH old AS (SELECT transcript_id, sha256, row_number() OVER (ORDER BY transcript_id) - 1 AS place FROM transcripts),
     new AS (SELECT source, sha256, context, row_number() OVER (ORDER BY source) - 1 AS place FROM waiting)
SELECT old.transcript_id AS old_id, new.sha256, new.context, new.place AS number,
       't' || substr(sha256('t' || new.sha256), 1, 16) AS new_id,
       sha256($ingest || new.sha256 || new.context) AS reading
FROM new JOIN old ON new.place % (SELECT count(*) FROM old) = old.place;

INSERT INTO readings SELECT sha256, reading, 'inflated', $ingest FROM pairs;
INSERT INTO transcripts SELECT t.* REPLACE (p.new_id AS transcript_id, p.sha256 AS sha256, p.reading AS fingerprint,
    'inflated' AS run_id) FROM transcripts t JOIN pairs p ON t.transcript_id = p.old_id;
INSERT INTO turns SELECT t.* REPLACE (p.new_id AS transcript_id,
    CASE WHEN role = 'participant' THEN participant_id || p.number END AS participant_id)
    FROM turns t JOIN pairs p ON t.transcript_id = p.old_id ORDER BY p.new_id, t.turn_index;
INSERT INTO speakers SELECT s.* REPLACE (p.new_id AS transcript_id) FROM speakers s
    JOIN pairs p ON s.transcript_id = p.old_id;
INSERT INTO extractions SELECT e.* REPLACE (p.new_id AS transcript_id,
    sha256($extract || p.reading) AS fingerprint, 'inflated' AS run_id)
    FROM extractions e JOIN pairs p ON e.transcript_id = p.old_id;
INSERT INTO outcomes SELECT o.* REPLACE ('s' || md5(o.statement_id || p.number) AS statement_id)
    FROM outcomes o JOIN statements s USING (statement_id) JOIN pairs p ON s.transcript_id = p.old_id;
INSERT INTO vectors SELECT sha256(v.text_hash || p.number), v.model,
    list_transform(v.vector, lambda x, i: x + ((hash(v.text_hash, p.number, i) % 2001)::INTEGER - 1000) / 50000),
    'inflated', v.recipe
    FROM (SELECT DISTINCT text_hash, transcript_id FROM statements) s JOIN pairs p ON s.transcript_id = p.old_id
    JOIN vectors v USING (text_hash);
INSERT INTO statements SELECT s.* REPLACE ('s' || md5(s.statement_id || p.number) AS statement_id,
    p.new_id AS transcript_id, participant_id || p.number AS participant_id,
    sha256(s.text_hash || p.number) AS text_hash, 'inflated' AS run_id)
    FROM statements s JOIN pairs p ON s.transcript_id = p.old_id;
INSERT INTO sources BY NAME FROM waiting;
DELETE FROM waiting;
"""


def inflate(folder: Path, published: Path, settings: Settings, number: int) -> None:
    """Copy the interviews of a state, and the files under ``folder``, until there are ``number`` of them."""
    files = sorted(folder.rglob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    for n in range(len(files), number):
        path = folder / f"copies-{n // 100:04}" / f"{n:07}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{texts[n % len(texts)]}\nInterviewer: That was number {n}.\n", encoding="utf-8")
    known = recipes(settings)
    path = state_path(published)
    with hold(path):
        state = State(path, memory_limit="4GB")
        found = scan([str(folder)], sources.known(state), ScanOptions(published.absolute().parent, 10**9))
        sources.apply(state, found, "inflated")
        sql = _ROWS
        for stage in ("ingest", "extract"):
            sql = sql.replace(f"${stage}", f"'{known[stage].fingerprint}'")
        with state.transaction():
            state.run(sql)
        state.close()

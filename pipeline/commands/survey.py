"""``whyswitch survey``: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.commands.options import DEFAULT_DB, Db, JsonFlag
from pipeline.output import write_output

survey = typer.Typer(
    help="Ask a survey how important outcomes are and how well they are met, and take in the answers.\n\n"
    "Example: `whyswitch survey export --db studies.duckdb -o questions.csv`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@survey.command("export")
def export(
    db: Db = DEFAULT_DB,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="An outcome_id of the view `needs`; may be repeated."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Without --outcome: those that most people tell.")] = 20,
    output: Annotated[
        Literal["csv", "md"],
        typer.Option("--format", "-f", help="csv: the sheet to fill in; md: the questions to read."),
    ] = "csv",
    to: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write there instead of printing.")
    ] = None,
) -> None:
    """Write the questionnaire for the outcomes chosen: no quote of any participant is in it.

    Examples:

        whyswitch survey export --top 15 -o sheet.csv

        whyswitch survey export --format md -o questionnaire.md
    """
    from pipeline.survey import answer_sheet, chosen, questionnaire

    items = chosen(db, outcome or (), top=top)
    text = answer_sheet(items) if output == "csv" else questionnaire(items)
    if to is None:
        typer.echo(text, nl=False)
    else:
        write_output(to, text)
        typer.echo(f"wrote {to}")


@survey.command("import")
def import_answers(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The filled-in sheet, CSV.")],
    db: Db = DEFAULT_DB,
    as_json: JsonFlag = False,
) -> None:
    """Take in importance and satisfaction per outcome and segment, and rank opportunities within each segment.

    Ratings from 1 to 5 are counted by top two boxes; opportunity = importance + max(importance - satisfaction, 0).
    They replace those of a survey before and are published at once: `ratings`, `opportunities`, and, once it is
    drawn again, the report.

    Example:

        whyswitch survey import answers.csv --db studies.duckdb
    """
    import json

    from pipeline.survey import import_ratings

    done = import_ratings(db, file)
    if as_json:
        rows = [
            {"segment": r.segment, "outcome_id": r.outcome_id, "respondents": r.respondents,
             "importance": r.importance, "satisfaction": r.satisfaction, "opportunity": round(r.opportunity, 2)}
            for r in done.ratings
        ]  # fmt: skip
        typer.echo(json.dumps(rows, indent=1))
        return
    for r in done.ratings:
        typer.echo(
            f"{r.segment}  {r.opportunity:5.1f}  importance {r.importance:4.1f}  satisfaction {r.satisfaction:4.1f}  "
            f"n {r.respondents}  {done.statements[r.outcome_id]}"
        )
    for segment in done.small:
        typer.echo(f"segment '{segment}' has fewer than 30 answers: read its figures with care", err=True)

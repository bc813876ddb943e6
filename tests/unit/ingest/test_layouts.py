"""What running text must not be fooled by, and what it must see."""

from __future__ import annotations

from tests.unit.ingest.reading import accepted, read, refused, roles, talk


def test_colons_inside_talk_are_no_labels() -> None:
    found = accepted(
        "Interviewer: How did you pick it?\n\n"
        "Dana: I made a list. There was\n\nPrice: under forty pounds.\n\n"
        "Noise: less than the old one.\n\n"
        "And the site, https://example.org/kettles: that was no help.\n\n"
        "Interviewer: And then?\n\n"
        "Dana: The thing is: I hate shops.\n10:30 I was there. Note: it opens at ten.\nMonday: closed.\n"
    )
    assert list(roles(found)) == ["Interviewer", "Dana"]
    assert found.turns[1].text == (
        "I made a list. There was Price: under forty pounds. Noise: less than the old one. "
        "And the site, https://example.org/kettles: that was no help."
    )
    assert found.turns[3].text.startswith("The thing is: I hate shops. 10:30 I was there.")


def test_somebody_who_speaks_once_is_a_speaker() -> None:
    found = accepted(
        "Interviewer: And?\n\nDana: It broke.\n\nRob: She sent me instead.\n\n"
        "Interviewer: You?\n\nDana: Him.\n"
    )
    assert talk(found)[2] == ("Rob", "She sent me instead.")


def test_paragraphs_without_a_label_go_on() -> None:
    found = accepted(
        "Interviewer: Why?\n\nDana: It broke.\n\nAnd I was cross.\n\nInterviewer: And?\n\nDana: So.\n"
    )
    assert talk(found)[1] == ("Dana", "It broke. And I was cross.")


def test_headings_and_lone_times_are_not_talk() -> None:
    found = accepted(
        "## Start\n\n**Int:** Why?\n\n**Dana:** It broke.\n\n## Shop\n\n00:05:00\n\n"
        "**Int:** And?\n\n**Dana:** So.\n"
    )
    assert [text for _, text in talk(found)] == ["Why?", "It broke.", "And?", "So."]


def test_role_names_above_the_talk_are_a_header() -> None:
    found = accepted(
        "Interviewer: Jane Doe\nParticipant: P07\n\nJane: Tell me.\nP07: A pan.\nJane: Why?\nP07: It broke.\n"
    )
    assert roles(found) == {"Jane": "interviewer", "P07": "participant"}
    assert found.metadata == {"interviewer": "Jane Doe", "participant": "P07"}


def test_role_names_that_speak_again_are_no_header() -> None:
    found = accepted("Interviewer: Ready\nParticipant: Yes\n\nInterviewer: So?\nParticipant: A pan.\n")
    assert len(found.turns) == 4


def test_a_legend_tells_roles() -> None:
    found = accepted(
        "MK = interviewer\nGL = customer\nJT = note-taker\n\n"
        "MK: So?\nGL: A pan.\nJT: Sorry?\nGL: A pan.\nMK: And?\n"
    )
    assert roles(found) == {"MK": "interviewer", "GL": "participant", "JT": "other"}


def test_turns_in_one_paragraph_are_cut() -> None:
    found = accepted(
        "Interviewer: So what did you use before? Dana: A pan. Interviewer: And then? Dana: It broke."
    )
    assert [name for name, _ in talk(found)] == ["Interviewer", "Dana", "Interviewer", "Dana"]


def test_a_quotation_in_markdown_is_read_without_its_signs() -> None:
    found = accepted("> **Int:** Why?\n>\n> **Dana:** It broke.\n>\n> **Int:** And?\n>\n> **Dana:** So.\n")
    assert talk(found)[1] == ("Dana", "It broke.")


def test_heads_with_a_suffix_stay_with_their_name() -> None:
    found = accepted(
        "INTERVIEWER\nSo?\n\nDANA\nA pan.\n\nINTERVIEWER\nAnd?\n\nDANA (CONT'D)\nIt broke.\n\n"
        "INTERVIEWER\nWhy?\n\nDANA\nOld.\n"
    )
    assert talk(found)[3] == ("DANA", "It broke.")


def test_dash_and_bracket_labels() -> None:
    found = accepted(
        "[00:00.000 --> 00:03.200] [SPEAKER_00] So?\n[00:03.200 --> 00:05.000] [SPEAKER_01] A pan.\n"
        "[00:05.000 --> 00:06.000] [SPEAKER_00] And?\n[00:06.000 --> 00:08.000] [SPEAKER_01] It broke.\n"
    )
    assert [(turn.speaker, turn.start_ms, turn.end_ms) for turn in found.turns][1] == (
        "SPEAKER_01",
        3200,
        5000,
    )


def test_each_block_of_front_matter_begins_an_interview() -> None:
    found = read(
        "---\nparticipant: P1\n---\nI: Why?\nP: It broke.\nI: And?\nP: So.\n"
        "---\nparticipant: P2\n---\nI: What?\nP: A pan.\nI: When?\nP: In May.\n"
    ).transcripts
    assert [one.metadata["participant"] for one in found] == ["P1", "P2"]


def test_text_above_the_first_speaker_is_counted() -> None:
    found = accepted(
        "word " * 50 + "\n\nInterviewer: Why?\n\nDana: It broke.\n\nInterviewer: And?\n\nDana: So.\n"
    )
    assert "50 words above the first speaker are not read" in found.warnings


def test_a_question_above_the_first_speaker_is_told() -> None:
    text = "Interviewer: Why?\n\nDana: It broke.\n\nInterviewer: And?\n\nDana: So.\n"
    assert not accepted("The kettle talk\n\n" + text).warnings
    assert (
        "5 words above the first speaker are not read"
        in accepted("What did you use before?\n\n" + text).warnings
    )


def test_captions_before_the_first_speaker_are_told() -> None:
    found = accepted(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nSo what did you use?\n\n"
        "00:03.000 --> 00:04.000\n<v Dana>A pan.\n\n00:05.000 --> 00:06.000\n<v Int>And?\n"
    )
    assert "5 words before the first speaker are not read" in found.warnings


def test_prose_is_refused() -> None:
    prose = "It broke.\n\nI went to the shop.\n\nThey had two.\n\nI took one.\n\nIt whistles.\n\nGood.\n"
    assert refused(prose)[0] == "no_speakers"


def test_lines_that_nobody_says_are_counted() -> None:
    found = accepted(
        "Helen: When was it?\n\nPage 1 of 2\n\nMike: In May.\n\n# Part two\n\nHelen: And then?\n\n- page 2 -\n\n"
        "Mike: It was page 2 of the bill.\n00:05\n"
    )
    assert "4 lines that nobody says dropped: times, headings, page numbers" in found.warnings
    assert talk(found)[-1] == ("Mike", "It was page 2 of the bill.")

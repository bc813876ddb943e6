"""Surveys on outcomes: the questionnaire for those chosen, and what respondents answered."""

from pipeline.survey.importing import Imported, import_ratings
from pipeline.survey.questionnaire import Item, answer_sheet, chosen, questionnaire

__all__ = ["Imported", "Item", "answer_sheet", "chosen", "import_ratings", "questionnaire"]

"""``SurveyDesign`` and its replicate weights."""

from bildungsbedarf.survey.design.design import SurveyDesign

__all__ = ["SurveyDesign"]

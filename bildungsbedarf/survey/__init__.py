"""``SurveyDesign``, weighting and estimators; knows neither LimeSurvey, nor German, nor a figure."""

from bildungsbedarf.survey.design.design import SurveyDesign

__all__ = ["SurveyDesign"]

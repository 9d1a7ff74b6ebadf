"""LimeSurvey's formats, for the two rooms that read them; knows no study."""

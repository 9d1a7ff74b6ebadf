"""What was answered to one question: choices, rankings, barriers, formats, scales."""

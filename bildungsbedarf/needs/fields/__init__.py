"""Fields of education: importance, satisfaction and what follows from both."""
